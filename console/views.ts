/** Which page an address shows. Pages and the streams of their changes come from here. */
import { releaseWorkflowId } from '../contracts/names.js'
import type { Registry } from '../registry/index.js'
import { gatherFleet } from './fleet/fleet-data.js'
import { fleetContent, fleetPath } from './fleet/fleet-page.js'
import type { Markup } from './html.js'
import { historyPath, labelsPath, projectPath, releasePath } from './paths.js'
import { projectContent } from './project-page.js'
import type { TemporalSeen } from './temporal-seen.js'

export interface ConsoleView {
  readonly title: string
  /** Absent for a page on all projects. */
  readonly project?: string
  /** The address itself, written in one way. */
  readonly path: string
  /** @throws UnknownRun, Refused when what it shows is unknown, SlipwayError Unavailable when the registry is away */
  content(): Promise<Markup>
}

export interface ConsoleNeeds {
  readonly registry: Registry
  /** Projects of this service. */
  readonly projects: ReadonlyMap<string, { readonly title: string; readonly lossUnit: string }>
  readonly temporal: () => TemporalSeen
  readonly workflowUrl: (workflowId: string) => string | null
  /** Wall time in epoch ms. */
  readonly now: () => number
}

/** @param address path and query of a page @returns null for an address that shows no page */
export function viewOf(needs: ConsoleNeeds, address: string): ConsoleView | null {
  // Without a base: a text such as `//name` would be read as another host.
  const [pathname = '', query = ''] = address.split('?', 2)
  const asked = new URLSearchParams(query)
  if (pathname === '/') return fleetView(needs, pageOf(asked.get('page')))
  const [, ofHistory] = /^\/projects\/([^/]+)\/history$/.exec(pathname) ?? []
  if (ofHistory !== undefined) return historyView(needs, decoded(ofHistory), asked)
  const [, ofLabels] = /^\/projects\/([^/]+)\/labels$/.exec(pathname) ?? []
  if (ofLabels !== undefined) return labelsView(needs, decoded(ofLabels), asked)
  const [, project, trigger] = /^\/projects\/([^/]+)(?:\/releases\/([^/]+))?$/.exec(pathname) ?? []
  const name = decoded(project)
  if (name === null) return null
  if (trigger === undefined)
    return projectView(needs, name, {
      before: asked.get('before'),
      did: asked.get('did'),
      started: asked.get('started'),
    })
  const id = decoded(trigger)
  return id === null ? null : releaseView(needs, releaseWorkflowId(name, id), { project: name, did: asked.get('did') })
}

function fleetView({ registry, projects, temporal, now }: ConsoleNeeds, page: number): ConsoleView {
  const known = [...projects.keys()]
  return {
    title: 'Projects',
    path: fleetPath(page),
    content: async () => fleetContent(await gatherFleet({ registry, known, temporal: temporal(), page, now: now() })),
  }
}

interface ProjectQuery {
  readonly before: string | null
  readonly did: string | null
  readonly started: string | null
}

const projectView = ({ registry, projects }: ConsoleNeeds, project: string, query: ProjectQuery): ConsoleView => ({
  title: project,
  project,
  path: addressOf(projectPath(project), { ...query }),
  content: () => projectContent(registry, { project, ...query, known: [...projects.keys()] }),
})

function historyView(needs: ConsoleNeeds, project: string | null, asked: URLSearchParams): ConsoleView | null {
  if (project === null) return null
  const { registry, projects, now } = needs
  const [a, b, at] = [asked.get('a'), asked.get('b'), asked.get('at')]
  const query = { a, b, at, metric: asked.get('metric'), before: asked.get('before') }
  return {
    title: `History of ${project}`,
    project,
    path: addressOf(historyPath(project), query),
    async content() {
      const [{ gatherHistory }, { historyContent }] = await Promise.all([
        import('./history/history-data.js'),
        import('./history/history-page.js'),
      ])
      return historyContent(await gatherHistory(registry, { project, known: [...projects.keys()], query, now: now() }))
    },
  }
}

function labelsView(needs: ConsoleNeeds, project: string | null, asked: URLSearchParams): ConsoleView | null {
  if (project === null) return null
  const query = { corrected: asked.get('corrected'), early: asked.get('early') }
  return {
    title: `Labels of ${project}`,
    project,
    path: addressOf(labelsPath(project), query),
    async content() {
      const [{ gatherLabels }, { labelsContent }] = await Promise.all([
        import('./labels/labels-data.js'),
        import('./labels/labels-page.js'),
      ])
      return labelsContent(await gatherLabels(needs.registry, { project, known: [...needs.projects.keys()], query }))
    },
  }
}

const releaseView = (
  needs: ConsoleNeeds,
  workflowId: string,
  { project, did }: { project: string; did: string | null },
): ConsoleView => ({
  title: workflowId,
  project,
  path: addressOf(releasePath(workflowId), { did }),
  async content() {
    const { registry, projects, temporal, workflowUrl, now } = needs
    const more = {
      project: projects.get(project) ?? null,
      temporal: temporal(),
      workflowUrl: workflowUrl(workflowId),
      did,
      now: now(),
    }
    // Loaded when it is asked for: it draws plots.
    const [{ gatherRelease }, { releaseContent }] = await Promise.all([
      import('./release/release-data.js'),
      import('./release/release-page.js'),
    ])
    return releaseContent(await gatherRelease(registry, workflowId, more))
  },
})

function addressOf(path: string, query: Readonly<Record<string, string | null>>): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== null)
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`
}

const pageOf = (text: string | null): number => (/^[1-9]\d{0,5}$/.test(text ?? '') ? Number(text) : 1)

/** @returns null for a text that is not encoded as in an address */
function decoded(text: string | undefined): string | null {
  try {
    return text === undefined ? null : decodeURIComponent(text)
  } catch {
    return null
  }
}
