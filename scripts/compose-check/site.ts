/**
 * The folder of an installation, made as docs/deploying.md says: the compose files, `deploy`, and an `.env` with a
 * project of one's own.
 */
import { appendFileSync, cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Run } from './commands.js'

/** The project of `docker-compose.own.yml`. */
export const OWN = 'parcels'
/** Not the name of an installation that may run here. */
export const PROJECT = 'slipway-check'

export interface Settings {
  readonly image: string
  readonly tag: string
  readonly port: number
  readonly uiPort: number
}

/** @returns the variables of `.env` */
export async function makeSite(root: string, folder: string, run: Run, settings: Settings) {
  for (const name of ['docker-compose.yml', 'docker-compose.own.yml']) cpSync(join(root, name), join(folder, name))
  // Without the secrets of an installation in this folder.
  const ofAnother = ['access', 'out', 'keys', 'prometheus-token', 'tokens.json'].map((name) =>
    join(root, 'deploy', name),
  )
  cpSync(join(root, 'deploy'), join(folder, 'deploy'), {
    recursive: true,
    filter: (source) => !ofAnother.includes(source),
  })
  await run('sh', 'deploy/make-env.sh')
  appendFileSync(
    join(folder, '.env'),
    `${[
      `COMPOSE_PROJECT_NAME=${PROJECT}`,
      'COMPOSE_FILE=docker-compose.yml:docker-compose.own.yml',
      `SLIPWAY_IMAGE=${settings.image}`,
      `SLIPWAY_IMAGE_TAG=${settings.tag}`,
      `SLIPWAY_PROJECTS=/projects/${OWN}`,
      `SLIPWAY_PUBLISH=127.0.0.1:${settings.port}`,
      `SLIPWAY_UI_PUBLISH=127.0.0.1:${settings.uiPort}`,
    ].join('\n')}\n`,
  )
  return Object.fromEntries(
    readFileSync(join(folder, '.env'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split('=', 2) as [string, string]),
  )
}
