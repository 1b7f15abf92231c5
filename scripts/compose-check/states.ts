/** What `compose ps --all --format json` says about the containers of an installation. */

export interface Container {
  readonly Service: string
  readonly State: string
  readonly Health?: string
  readonly ExitCode?: number
}

/** One object a line, or one list: versions of Compose differ. */
export function containersOf(printed: string): Container[] {
  const text = printed.trim()
  if (text.startsWith('[')) return JSON.parse(text) as Container[]
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Container)
}

/** What an installation still waits for: a service to be healthy, a job to end with 0. */
export function missing(containers: readonly Container[], services: readonly string[]): string[] {
  return services.flatMap((service) => {
    const found = containers.filter(({ Service }) => Service === service)
    if (found.length === 0) return [`${service}: no container`]
    return found.flatMap(({ State, Health, ExitCode }) => {
      if (State === 'exited' && ExitCode === 0) return []
      if (State === 'running' && Health === 'healthy') return []
      return [`${service}: ${State}${Health ? `, ${Health}` : ''}${State === 'exited' ? `, code ${ExitCode}` : ''}`]
    })
  })
}
