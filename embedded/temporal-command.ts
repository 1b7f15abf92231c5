import { SEARCH_ATTRIBUTES } from '../contracts/names.js'

/**
 * Without these a workflow of eight steps takes 850 ms instead of 90 ms. For development; not measured for production.
 */
const LATENCY = ['history.transferProcessorMaxPollRPS=1000', 'history.timerProcessorMaxTimeShift="10ms"']

export interface TemporalPorts {
  readonly port: number
  readonly uiPort: number
}

/** Arguments of `temporal`. Without a database file the server keeps everything in memory. */
export function devServerArguments({ port, uiPort }: TemporalPorts, dbFile: string | undefined): string[] {
  return [
    'server',
    'start-dev',
    '--ip',
    '127.0.0.1',
    '--port',
    String(port),
    '--ui-port',
    String(uiPort),
    ...(dbFile ? ['--db-filename', dbFile] : []),
    ...SEARCH_ATTRIBUTES.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
    ...LATENCY.flatMap((setting) => ['--dynamic-config-value', setting]),
    '--log-level',
    'error',
    '--color',
    'never',
  ]
}
