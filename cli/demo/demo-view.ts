/** How the demo shows what happens: a live list on a terminal, lines elsewhere. */
import { Listr } from 'listr2'
import type { Project } from '../../projects/project.js'
import { progress } from '../runtime/output.js'

export interface DemoView {
  /** One new thing about one candidate. */
  say(project: string, candidate: string, text: string): void
  /** A candidate's verdict. */
  end(project: string, candidate: string, verdict: string): void
  /** No more is to come, also when something was left open; resolves when all is drawn. */
  close(): Promise<void>
}

export const openDemoView = (projects: readonly Project[], live: boolean): DemoView =>
  live ? liveList(projects) : lines()

const lines = (): DemoView => ({
  say: (project, candidate, text) => progress(`${project} ${candidate}: ${text}`),
  end: (project, candidate, verdict) => progress(`${project} ${candidate}: ${verdict}`),
  close: async () => {},
})

interface Row {
  readonly done: Promise<void>
  readonly finish: (verdict?: string) => void
  say: (text: string) => void
  verdict: string | undefined
}

function liveList(projects: readonly Project[]): DemoView {
  const rows = new Map<string, Row>()
  const rowOf = (project: string, candidate: string) => rows.get(`${project} ${candidate}`)
  for (const { name, demo } of projects) for (const candidate of demo) rows.set(`${name} ${candidate.name}`, openRow())
  const list = new Listr(
    projects
      .filter(({ demo }) => demo.length > 0)
      .map((project) => ({
        title: `${project.name}: ${project.title}`,
        task: (_, task) =>
          task.newListr(
            project.demo.map((candidate) => ({
              title: `${candidate.name}: ${candidate.about}`,
              task: async (_context, own) => {
                const row = rowOf(project.name, candidate.name)
                if (!row) return
                row.say = (text) => {
                  own.output = text
                }
                await row.done
                if (row.verdict) own.title = `${candidate.name}: ${row.verdict}`
                else own.skip(`${candidate.name}: no verdict yet`)
              },
            })),
            // The next candidate waits for this one anyway.
            { concurrent: false },
          ),
      })),
    {
      concurrent: true,
      rendererOptions: { collapseSubtasks: false, removeEmptyLines: true },
      // Its own listener would end the process at Ctrl-C, with the servers left behind.
      registerSignalListeners: false,
    },
  )
  const drawn = list.run()
  return {
    say: (project, candidate, text) => rowOf(project, candidate)?.say(text),
    end: (project, candidate, verdict) => rowOf(project, candidate)?.finish(verdict),
    async close() {
      for (const row of rows.values()) row.finish()
      await drawn
    },
  }
}

function openRow(): Row {
  let resolve = () => {}
  const done = new Promise<void>((settle) => {
    resolve = settle
  })
  const row: Row = {
    done,
    verdict: undefined,
    say: () => {},
    finish(verdict) {
      row.verdict ??= verdict
      resolve()
    },
  }
  return row
}
