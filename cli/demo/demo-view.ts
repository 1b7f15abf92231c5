/** Progress of the demo: a live list on a terminal, plain lines elsewhere. */
import { Listr } from 'listr2'
import { terminalText } from '../../contracts/terminal-text.js'
import type { Project } from '../../projects/project.js'
import { progress } from '../runtime/output.js'

export interface DemoView {
  /** Shows new progress of a candidate. */
  update(project: string, candidate: string, text: string): void
  /** Shows the verdict of a candidate. */
  end(project: string, candidate: string, verdict: string): void
  /** Ends the view, also if candidates have no verdict; resolves when all is drawn. */
  close(): Promise<void>
}

export const openDemoView = (projects: readonly Project[], live: boolean): DemoView =>
  live ? liveList(projects) : lines()

const lines = (): DemoView => ({
  update: (project, candidate, text) => progress(`${project} ${candidate}: ${text}`),
  end: (project, candidate, verdict) => progress(`${project} ${candidate}: ${verdict}`),
  close: async () => {},
})

interface Row {
  readonly done: Promise<void>
  readonly finish: (verdict?: string) => void
  update: (text: string) => void
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
                row.update = (text) => {
                  own.output = terminalText(text)
                }
                await row.done
                if (row.verdict) own.title = terminalText(`${candidate.name}: ${row.verdict}`)
                else own.skip(`${candidate.name}: no verdict yet`)
              },
            })),
            // The candidates of a project run one after the other.
            { concurrent: false },
          ),
      })),
    {
      concurrent: true,
      rendererOptions: { collapseSubtasks: false, removeEmptyLines: true },
      // Its own listener would end the process at Ctrl-C and leave the servers running.
      registerSignalListeners: false,
    },
  )
  const drawn = list.run()
  return {
    update: (project, candidate, text) => rowOf(project, candidate)?.update(text),
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
    update: () => {},
    finish(verdict) {
      row.verdict ??= verdict
      resolve()
    },
  }
  return row
}
