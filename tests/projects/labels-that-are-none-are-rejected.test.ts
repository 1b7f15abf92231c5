import { expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import { project as eta } from '../../projects/eta/index.js'
import { project as forecast } from '../../projects/forecast/index.js'
import type { Label, Project } from '../../projects/project.js'
import { project as ranking } from '../../projects/ranking/index.js'
import { project as vision } from '../../projects/vision/index.js'
import { labelProblem } from '../../serving/label-problem.js'

const PROJECTS: Record<string, Pick<Project, 'labelSchema' | 'defaultCutoff' | 'replay'>> = {
  eta,
  forecast,
  ranking,
  vision,
}

const LABELS: Record<string, { fit: Label[]; unfit: Label[] }> = {
  eta: { fit: [0, 1], unfit: [2, -1, 0.5, { late: 1 }, {}] },
  forecast: { fit: [0, 3, 12_000], unfit: [-1, 0.5, 1_000_001, 9_007_199_254_740_991, { lines: 3 }, {}] },
  ranking: {
    fit: [{}, { L1: 1, L2: 0.1, L3: -1, L4: 0 }],
    unfit: [0, 1, { L1: -2 }, { L1: -0.5 }, { L1: 1e308 }, { 'two words': 1 }],
  },
  vision: {
    fit: [0, 1, { damaged: 1 }, { damaged: 0, usable: 0 }],
    unfit: [2, 0.5, { foo: 1 }, {}, { usable: 1 }, { damaged: 2 }, { damaged: 1, usable: 2 }, { damaged: 1, foo: 1 }],
  },
}

it.each(Object.entries(LABELS))('%s takes its own labels and no others', (name, { fit, unfit }) => {
  const accepted = (label: Label) => PROJECTS[name]?.labelSchema?.safeParse(label).success
  expect(fit.map(accepted)).toEqual(fit.map(() => true))
  expect(unfit.map(accepted)).toEqual(unfit.map(() => false))
})

const VISION = 'must be {"damaged": 0 or 1, "usable": 0 or 1}, or 0 or 1 for the damage on a usable photo'
const FORM = 'must be a number, or numbers by name'

it.each<[project: Pick<Project, 'name' | 'labelSchema'>, label: unknown, says: string]>([
  [vision, { damaged: 1, usable: 2 }, `label is {"damaged":1,"usable":2}: ${VISION}`],
  [vision, { damaged: 1, foo: 1 }, `label is {"damaged":1,"foo":1}: ${VISION}`],
  [eta, 'x'.repeat(500), `label is "${'x'.repeat(99)}…: must be 1 (late) or 0 (on time)`],
  [eta, Number.POSITIVE_INFINITY, 'label is Infinity: must be 1 (late) or 0 (on time)'],
  [eta, undefined, 'label is missing: must be 1 (late) or 0 (on time)'],
  [ranking, { L1: -0.5 }, 'label.L1 is -0.5: must be a gain from 0 to 1, or -1 for a blocked listing'],
  [ranking, JSON.parse('{"__proto__": 1}'), `label is {"__proto__":1}: ${FORM}`],
  [ranking, { 'L\0': 1 }, `label is {"L\\u0000":1}: ${FORM}`],
  [{ name: 'own' }, { '': 1 }, `label is {"":1}: ${FORM}`],
  [{ name: 'own' }, { [`x${'y'.repeat(200)}`]: 1 }, FORM],
  [{ name: 'own' }, { x: null }, `label is {"x":null}: ${FORM}`],
  [{ name: 'own' }, [1], `label is [1]: ${FORM}`],
])('%#: a value that is no label is answered with the value and with what a label must be', (project, label, says) => {
  expect(labelProblem(project as Project, label)).toContain(says)
})

it.each(Object.entries(PROJECTS))(
  'every label that %s replays fits its schema',
  async (_name, project) => {
    const from = Date.parse(project.defaultCutoff)
    let labels = 0
    for await (const { label } of project.replay({ from, to: from + DAY_MS })) {
      if (label === null) continue
      labels += 1
      expect(project.labelSchema?.safeParse(label).error?.message).toBeUndefined()
      if (labels === 300) break
    }
    expect(labels).toBeGreaterThan(20)
  },
  60_000,
)
