import { execFileSync } from 'node:child_process'
import { closeSync, copyFileSync, mkdirSync, openSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readJson } from '../../../cli/runtime/read-json.js'
import { linesOf } from '../../../cli/runtime/read-lines.js'
import { readableSource } from '../../../cli/runtime/readable-source.js'
import { pathProblem } from '../../../contracts/path-problem.js'
import { readTokens } from '../../../http/access/tokens.js'
import { project as eta } from '../../../projects/eta/index.js'
import { project as forecast } from '../../../projects/forecast/index.js'
import { project as ranking } from '../../../projects/ranking/index.js'
import { project as vision } from '../../../projects/vision/index.js'
import { collectFiles } from '../../../releases/sources/collect-files.js'
import { refusalOf } from '../../support/refusal-of.js'
import {
  fresh,
  importPhotos,
  importShopFolder,
  judgementsJson,
  labels,
  labelsCsv,
  photoFolder,
  productsJson,
  removeSources,
} from './user-sources.js'

afterAll(removeSources)

/** What is put in the place of a file, and what is said of it. */
const KINDS = {
  loop: 'is a symbolic link that leads back to itself; ',
  pipe: 'is not a file but a named pipe; ',
  'file.csv/x': 'does not exist: a part of its path is a file and no folder; ',
  ['n'.repeat(300)]: 'has a name that is too long; ',
  nowhere: 'does not exist; ',
} as const
let folder: string
beforeAll(async () => {
  folder = await fresh()
  symlinkSync('loop', join(folder, 'loop'))
  execFileSync('mkfifo', [join(folder, 'pipe')])
  writeFileSync(join(folder, 'file.csv'), 'a,b')
})

describe.each(Object.entries(KINDS).map(([kind, problem]) => ({ kind, problem })))(
  'what $problem',
  ({ kind, problem }) => {
    const path = () => join(folder, kind)
    const said = () => `${path()} ${problem}`

    it.each([eta, forecast, ranking, vision])('as the source of $name', async ({ importSnapshot }) => {
      const outFolder = await fresh()
      const said = await refusalOf(importSnapshot({ source: path(), cutoff: 1, outFolder }))
      expect(said).toContain(`${path()} ${problem}give a `)
    })

    it('as a file that a command line or a setting names', async () => {
      expect(() => readJson(path(), 'policy file')).toThrow(`policy file ${said()}name an existing JSON file`)
      await expect(linesOf('--against', path()).next()).rejects.toMatchObject({
        type: 'BadRequest',
        message: `--against ${path()} cannot be read: it ${problem.slice(0, -2)}`,
      })
      expect(() => readableSource(path())).toThrow(`--snapshot ${said()}name a file or folder`)
      await expect(collectFiles(path(), 1)).rejects.toMatchObject({
        type: 'BadRequest',
        message: expect.stringContaining(kind === 'pipe' ? 'neither a file nor a folder' : said()),
      })
      // No tokens would open the service; only their absence may.
      if (kind === 'nowhere') expect(readTokens(path())).toEqual([])
      else expect(() => readTokens(path())).toThrow(`token file ${said()}create tokens`)
    })
  },
)

it('what a shell opened for the command is read, and a descriptor that is not open is refused', () => {
  const file = join(folder, 'policy.json')
  writeFileSync(file, '{"a":1}')
  const descriptor = openSync(file, 'r')
  expect(readJson(`/dev/fd/${descriptor}`, 'policy file')).toEqual({ a: 1 })
  closeSync(descriptor)
  expect(() => readJson('/dev/fd/999', 'policy file')).toThrow('/dev/fd/999 does not exist; name an existing JSON file')
})

it('a file without the right to read it, or on a broken disk, is named with the way out', () => {
  const of = (code: string) => pathProblem(Object.assign(new Error(), { code, syscall: 'open' }))
  expect(of('EACCES')).toBe('may not be read by this user; give the right to read it, with chmod or chown')
  expect(of('EIO')).toBe('cannot be read (EIO)')
  expect(pathProblem(new TypeError('a defect'))).toBeUndefined()
})

it('one of the files of a shop', async () => {
  for (const name of ['products.jsonl', 'judgements.json']) {
    const source = await fresh()
    writeFileSync(join(source, 'products.jsonl'), productsJson)
    writeFileSync(join(source, 'judgements.json'), judgementsJson())
    execFileSync('rm', [join(source, name)])
    symlinkSync(name, join(source, name))
    expect(await refusalOf(importShopFolder(source))).toBe(
      `${join(source, name)} ${KINDS.loop}give the folder with its two files`,
    )
  }
})

describe('in a folder of photos', () => {
  const [first, second, third, ...rest] = labels as [Label, Label, Label, ...Label[]]
  type Label = (typeof labels)[number]

  it('a label file', async () => {
    const path = await fresh()
    symlinkSync('labels.csv', join(path, 'labels.csv'))
    expect(await refusalOf(vision.importSnapshot({ source: path, cutoff: 1, outFolder: path }))).toMatch(
      /labels\.csv is a symbolic link that leads back to itself; give a label file/,
    )
  })

  it('listed photos: a folder, a named pipe and a link to itself; none of them counts as not listed', async () => {
    const path = await photoFolder()
    mkdirSync(join(path, 'folder.jpg'))
    execFileSync('mkfifo', [join(path, 'pipe.jpg')])
    symlinkSync('loop.jpg', join(path, 'loop.jpg'))
    const files = ['folder.jpg', 'pipe.jpg', 'loop.jpg']
    const odd = [first, second, third].map((line, index) => ({ ...line, file: files[index] as string }))
    const csv = labelsCsv([...odd, ...rest])
    const refused = await refusalOf(importPhotos(path, csv))
    expect(refused).toBe(
      'labels.csv lists 3 photos that are folders, named pipes or links that lead nowhere: folder.jpg, pipe.jpg, loop.jpg; put the photos in their place or remove their rows',
    )
    // Not listed, they are no photos.
    const { snapshot } = await importPhotos(path, labelsCsv([first, second, third, ...rest]))
    expect(snapshot.rejected).toEqual([])
  })

  it('a photo that is listed twice is named for that, and not as one that no row names', async () => {
    const path = await photoFolder()
    copyFileSync(join(path, first.file), join(path, 'copy.jpg'))
    writeFileSync(join(path, 'labels.csv'), labelsCsv([first, first, second, third, ...rest]))
    const { checkSource } = await import('../../../releases/check-source.js')
    const { problems, snapshot } = await checkSource(vision as never, path, Date.parse('2026-06-01T00:00:00Z'))
    expect(problems.map(({ problem }) => problem)).toEqual([
      `labels.csv lists 1 photos twice: ${first.file}; keep one row for each`,
    ])
    expect(snapshot?.rejected).toEqual([{ reason: 'not named in labels.csv: copy.jpg', rows: 1 }])
  })
})
