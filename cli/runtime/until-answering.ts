import { setTimeout as pause } from 'node:timers/promises'

/** A release that cannot be loaded must not keep the others from starting. */
const AT_MOST_MS = 10_000

interface Readiness {
  readonly projects: readonly { readonly project: string; readonly production: string | null }[]
}

/**
 * Waits until the decision service has loaded these productions, ten seconds at most: it hears of a first release a
 * moment after the registry has it.
 * @param productions release id by project
 */
export async function untilAnswering(url: string, productions: ReadonlyMap<string, string>): Promise<void> {
  for (const deadline = Date.now() + AT_MOST_MS; Date.now() < deadline; await pause(50)) {
    const { projects } = await fetch(`${url}/readyz`).then(
      (answer) => answer.json() as Promise<Readiness>,
      (): Readiness => ({ projects: [] }),
    )
    const loaded = new Map(projects.map(({ project, production }) => [project, production]))
    if ([...productions].every(([project, release]) => loaded.get(project) === release)) return
  }
}
