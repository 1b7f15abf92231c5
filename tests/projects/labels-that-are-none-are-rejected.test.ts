import { expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import { project as eta } from '../../projects/eta/index.js'
import { project as forecast } from '../../projects/forecast/index.js'
import type { Label, Project } from '../../projects/project.js'
import { project as ranking } from '../../projects/ranking/index.js'
import { project as vision } from '../../projects/vision/index.js'

const PROJECTS: Record<string, Pick<Project, 'labelSchema' | 'defaultCutoff' | 'replay'>> = {
  eta,
  forecast,
  ranking,
  vision,
}

const LABELS: Record<string, { fit: Label[]; unfit: Label[] }> = {
  eta: { fit: [0, 1], unfit: [2, -1, 0.5, { late: 1 }, {}] },
  forecast: { fit: [0, 3, 12_000], unfit: [-1, 0.5, { lines: 3 }, {}] },
  ranking: {
    fit: [{}, { L1: 1, L2: 0.1, L3: -1, L4: 0 }],
    unfit: [0, 1, { L1: -2 }, { 'two words': 1 }],
  },
  vision: {
    fit: [0, 1, { damaged: 1 }, { damaged: 0, usable: 0 }],
    unfit: [2, 0.5, { foo: 1 }, {}, { usable: 1 }, { damaged: 2 }, { damaged: 1, foo: 1 }],
  },
}

it.each(Object.entries(LABELS))('%s takes its own labels and no others', (name, { fit, unfit }) => {
  const accepted = (label: Label) => PROJECTS[name]?.labelSchema?.safeParse(label).success
  expect(fit.map(accepted)).toEqual(fit.map(() => true))
  expect(unfit.map(accepted)).toEqual(unfit.map(() => false))
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
