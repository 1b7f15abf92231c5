/** The example in Python and the template of `project new` are one project that differs in its trainer. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { project } from '../../examples/python-late/index.js'

const TEMPLATE = fileURLToPath(new URL('../../cli/templates/project/', import.meta.url))
const EXAMPLE = fileURLToPath(new URL('../../examples/python-late/', import.meta.url))

/** What the trainer in Python replaces in the template. */
const REPLACED = ['README.md', 'model.ts']
/** What it adds. */
const ADDED = ['python.ts', 'requirements.txt', 'train.py']

it('has the files of the template, and those of its trainer', () => {
  const files = (folder: string) => readdirSync(folder, { withFileTypes: true }).filter((file) => file.isFile())
  const names = (folder: string) => files(folder).map(({ name }) => name)
  expect(names(EXAMPLE).sort()).toEqual([...names(TEMPLATE), ...ADDED].sort())
})

it.each(readdirSync(TEMPLATE).filter((name) => !REPLACED.includes(name)))(
  '%s is that of the template; `vitest -u` writes it again',
  async (name) => {
    const text = readFileSync(`${TEMPLATE}${name}`, 'utf8').replaceAll('template-name', 'python-late')
    await expect(text).toMatchFileSnapshot(`${EXAMPLE}${name}`)
  },
)

it('refuses an unknown training parameter of a release before anything starts', () => {
  expect(() => project.checkParameters?.({ step: 3 })).toThrow(
    'parameters of python-late: Unrecognized key: "step" (known parameters: steps, fewestParcels)',
  )
  expect(() => project.checkParameters?.({ steps: 3 })).not.toThrow()
})
