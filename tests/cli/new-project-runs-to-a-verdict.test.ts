import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ProjectServer, projectServer } from '../support/project-server.js'
import { slipway } from '../support/slipway.js'

let within: string
let on: ProjectServer | undefined
beforeAll(() => {
  within = mkdtempSync(join(tmpdir(), 'slipway-new-'))
})
afterAll(async () => {
  await on?.close()
  rmSync(within, { recursive: true, force: true })
})

describe('slipway project new', () => {
  it('writes a project outside Slipway that runs to a verdict at once', async () => {
    const made = await slipway(['project', 'new', 'fraud', '--in', within, '--json'], {})
    expect(made).toMatchObject({ code: 0, stderr: '' })
    const { folder, found } = JSON.parse(made.stdout) as { folder: string; found: boolean }
    expect({ folder, found }).toEqual({ folder: join(within, 'fraud'), found: false })
    on = await projectServer([folder])
    // As a user would: the command gets the folder by its option, the worker by its environment.
    const { SLIPWAY_PROJECTS: _, ...environment } = on.environment
    const arguments_ = ['--projects', folder, 'release', 'start', 'fraud', '--speed', '200000', '--wait', '--json']
    const release = await slipway(arguments_, { ...environment, SLIPWAY_PROJECTS: '' })
    expect(release.code).toBe(0)
    const verdict = JSON.parse(release.stdout.trim().split('\n').at(-1) ?? '')
    expect(verdict).toMatchObject({ verdict: 'promoted', reason: 'non_inferior', project: 'fraud' })
    expect((await on.registry.aliases.current('fraud')).production).toBe(verdict.releaseId)
    expect((await on.registry.ledger.verify()).problems).toEqual([])
  })

  it.each([
    ['Fraud', 'must be lower-case letters, digits and dashes, at most 40'],
    ['../fraud', 'must be lower-case letters, digits and dashes, at most 40'],
    ['eta', 'a project "eta" already exists'],
  ])('refuses the name %j as wrong usage and writes nothing', async (name, problem) => {
    const empty = mkdtempSync(join(within, 'empty-'))
    const refused = await slipway(['project', 'new', name, '--in', empty], {})
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toContain(problem)
    expect(readdirSync(empty)).toEqual([])
  })

  it('does not touch a folder that exists', async () => {
    const folder = join(within, 'taken')
    mkdirSync(folder)
    writeFileSync(join(folder, 'mine.txt'), 'mine')
    const refused = await slipway(['project', 'new', 'taken', '--in', within], {})
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain(`${folder} exists already`)
    expect(readdirSync(folder)).toEqual(['mine.txt'])
    expect(readFileSync(join(folder, 'mine.txt'), 'utf8')).toBe('mine')
  })

  it('refuses a place that does not exist and makes none', async () => {
    const refused = await slipway(['project', 'new', 'fraud', '--in', join(within, 'nowhere')], {})
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('nowhere does not exist')
    expect(readdirSync(within)).not.toContain('nowhere')
  })
})

describe('a project by path that', () => {
  it.each([
    ['exports none', 'export const other = 1', /does not export "project"/],
    ['throws when it is loaded', 'throw new Error("no such luck")', /cannot be loaded: no such luck/],
    ['has the name of another', '', /two projects are named "eta"/],
  ])('%s is named, with what is wrong', async (what, text, problem) => {
    const folder = mkdtempSync(join(within, 'bad-'))
    const eta = JSON.stringify(new URL('../../projects/eta/index.ts', import.meta.url).pathname)
    const source = text || `import { project as eta } from ${eta}\nexport const project = eta`
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    writeFileSync(join(folder, 'index.ts'), source)
    const refused = await slipway(['project', 'list', '--projects', folder], {})
    expect([what, refused.code]).toEqual([what, 2])
    expect(refused.stderr).toMatch(problem)
  })
})
