import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ENVIRONMENT_VARIABLES } from '../../contracts/environment-variables.js'
import { generatedPages, readPage } from '../../scripts/docs/generated.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

describe('pages made from the code', () => {
  it('are what the code says (else: npm run docs)', async () => {
    const pages = await generatedPages()
    for (const [path, text] of pages) expect(readPage(path), path).toBe(text)
    const committed = readdirSync(`${root}docs/reference`).map((name) => `docs/reference/${name}`)
    expect([...pages.keys()].filter((path) => path.startsWith('docs/reference/')).sort()).toEqual(committed.sort())
  })
})

describe('the table of environment variables', () => {
  const listed = new Set([...ENVIRONMENT_VARIABLES.values()].flat().map(({ name }) => name))
  const read = execFileSync(
    'git',
    ['grep', '-hoE', 'env\\.(SLIPWAY|TEMPORAL|AWS|XDG|OTEL)_[A-Z0-9_]+', '--', ...productFiles()],
    { cwd: root, encoding: 'utf8' },
  )

  it('has every variable that the code reads', () => {
    const names = [...read.matchAll(/env\.((?:SLIPWAY|TEMPORAL|AWS|XDG|OTEL)_[A-Z0-9_]+)/g)].map(
      ([, name = '']) => name,
    )
    // Refused where it is set, so not a setting.
    const settings = names.filter((name) => name !== 'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION')
    expect(settings.length).toBeGreaterThan(20)
    expect([...new Set(settings)].filter((name) => !listed.has(name))).toEqual([])
  })

  it('has no variable that the code does not know', () => {
    const known = execFileSync('git', ['grep', '-hoE', '(SLIPWAY|AWS|XDG|OTEL)_[A-Z0-9_]+', '--', ...productFiles()], {
      cwd: root,
      encoding: 'utf8',
    }).split('\n')
    const own = [...listed].filter((name) => !name.startsWith('TEMPORAL_'))
    expect(own.filter((name) => !known.includes(name))).toEqual([])
  })
})

/** The product's code without the table itself. */
function productFiles(): string[] {
  const folders = [
    'activities',
    'cli',
    'deploy',
    'embedded',
    'http',
    'notify',
    'projects',
    'registry',
    'releases',
    'serving',
    'traffic',
    'workers',
  ]
  return folders.map((folder) => `${folder}/*.ts`)
}
