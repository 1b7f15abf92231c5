/** A PostgreSQL server that a test stops and starts again at the same address. */
import { type PostgresServer, startPostgres } from '../../embedded/postgres-server.js'

export interface RestartableDatabase {
  readonly url: string
  stop(): Promise<void>
  start(): Promise<void>
  end(): Promise<void>
}

export async function restartableDatabase(home: string): Promise<RestartableDatabase> {
  let server: PostgresServer | undefined = await startPostgres({ home })
  const { url } = server
  const stop = async () => {
    await server?.stop()
    server = undefined
  }
  return {
    url,
    stop,
    end: stop,
    async start() {
      server = await startPostgres({ home })
      if (server.url !== url) throw new Error(`it came back elsewhere: ${new URL(server.url).host}`)
    },
  }
}
