/** The container engine of this machine, and how its commands are called. */
import { spawnSync } from 'node:child_process'

export interface Engine {
  readonly name: 'docker' | 'podman'
  /** As `deploy/upgrade.sh` calls it. */
  readonly compose: string
}

const answers = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore', timeout: 60_000 }).status === 0

/** Undefined where no engine runs, or none has Compose. */
export function findEngine(): Engine | undefined {
  for (const name of ['docker', 'podman'] as const)
    if (answers(name, 'compose', 'version') && answers(name, 'ps', '-q')) return { name, compose: `${name} compose` }
  return undefined
}

export const HOW_TO_GET_THERE =
  'no container engine with Compose runs here: install Docker, or podman with docker-compose, so that `docker compose version` and `docker ps` answer; then run npm run compose:check again'
