/** Data that are stored, as tar files: those of Slipway, those that the system's tar writes, and hostile ones. */
import { execFileSync } from 'node:child_process'
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collectFiles } from '../../../releases/sources/collect-files.js'
import { mostSourceBytes } from '../../../releases/sources/limits.js'
import { packed } from '../../../releases/sources/tar-file.js'
import { unpack } from '../../../releases/sources/unpack.js'

const LONG = `${'deep/'.repeat(30)}${'n'.repeat(200)}.csv`
const CONTENT: Readonly<Record<string, string>> = {
  'a.csv': 'x\n1\n',
  'empty.csv': '',
  'photos/Köln – 1.jpg': 'a photo',
  [LONG]: 'far below',
  'exactly.bin': 'b'.repeat(512),
}

let folder: string
let data: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-tar-'))
  data = join(folder, 'data')
  for (const [name, text] of Object.entries({ ...CONTENT, '.DS_Store': 'hidden', 'photos/._Köln': 'hidden' })) {
    mkdirSync(join(data, name, '..'), { recursive: true })
    writeFileSync(join(data, name), text)
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let count = 0
const fresh = (): string => {
  count += 1
  const path = join(folder, `new-${count}`)
  mkdirSync(path)
  return path
}
async function pack(path: string): Promise<string> {
  const archive = join(fresh(), 'x.tar')
  await pipeline(packed((await collectFiles(path, 1e9)).files), createWriteStream(archive))
  return archive
}
const contentBelow = (into: string, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, readFileSync(join(into, name), 'utf8')]))

it('what is packed comes out the same, long names and empty files too, and the same files give the same bytes', async () => {
  const archive = await pack(data)
  const into = fresh()
  const names = await unpack(archive, into)
  expect(
    contentBelow(
      join(into, 'data'),
      names.map((name) => name.replace(/^data\//, '')),
    ),
  ).toEqual(CONTENT)
  expect(readFileSync(archive).equals(readFileSync(await pack(data)))).toBe(true)
  // The system's own program reads it.
  const listed = execFileSync('tar', ['-tf', archive], { encoding: 'utf8' }).trim().split('\n')
  expect(listed).toHaveLength(names.length)
})

it.each(['ustar', 'gnu', 'pax', 'v7'])('the system’s tar in the form %s is read', async (form) => {
  const archive = join(fresh(), 'system.tar')
  const given = form === 'ustar' || form === 'v7' ? ['./a.csv', './empty.csv', './exactly.bin'] : ['.']
  execFileSync('tar', ['-c', `--format=${form}`, '-f', archive, '-C', data, ...given])
  const into = fresh()
  const names = await unpack(archive, into)
  const expected =
    given[0] === '.'
      ? CONTENT
      : Object.fromEntries(Object.entries(CONTENT).filter(([name]) => given.includes(`./${name}`)))
  expect(contentBelow(into, names)).toEqual(expected)
})

describe('is refused, and nothing is written beyond the folder', () => {
  const made = async (name: string): Promise<string> => {
    const [path, source] = [join(fresh(), 'hostile.tar'), join(folder, 'one')]
    writeFileSync(source, 'evil')
    await pipeline(packed([{ name, path: source, bytes: 4 }]), createWriteStream(path))
    return path
  }
  it.each(['../evil', 'a/../../evil', '/tmp/slipway-evil', 'a//b', 'a\u0000b', 'a\nb', 'x'.repeat(300)])(
    'a file named %j',
    async (name) => {
      const into = fresh()
      const archive = await made(name)
      // A zero byte ends a name in a tar file: nothing of what follows it counts.
      if (name.includes('\u0000')) return expect(await unpack(archive, into)).toEqual(['a'])
      await expect(unpack(archive, into)).rejects.toMatchObject({ type: 'BadData', message: /rename it/ })
      expect(existsSync(join(into, '..', 'evil')) || existsSync('/tmp/slipway-evil')).toBe(false)
    },
  )

  it('a link, the same name twice, a tar that was cut off, a changed byte of a header, and what is no tar', async () => {
    const links = fresh()
    symlinkSync('/etc/passwd', join(links, 'link'))
    const linked = join(fresh(), 'links.tar')
    execFileSync('tar', ['-c', '-f', linked, '-C', links, '.'])
    await expect(unpack(linked, fresh())).rejects.toMatchObject({ message: /link is a symbolic link/ })

    const twice = join(fresh(), 'twice.tar')
    execFileSync('tar', ['-c', '-f', twice, '-C', data, 'a.csv', 'a.csv'])
    await expect(unpack(twice, fresh())).rejects.toMatchObject({ message: /a\.csv twice/ })

    const cut = await pack(data)
    truncateSync(cut, 700)
    await expect(unpack(cut, fresh())).rejects.toMatchObject({
      type: 'BadData',
      message: /the tar file cannot be used/,
    })

    const changed = await pack(data)
    const bytes = readFileSync(changed)
    bytes[3] = 0x41
    writeFileSync(changed, bytes)
    await expect(unpack(changed, fresh())).rejects.toMatchObject({ message: /no header at byte 0/ })
    await expect(unpack(join(data, 'a.csv'), fresh())).rejects.toMatchObject({ message: /it has no end/ })
  })
})

describe('a path cannot be stored', () => {
  it.each<[string, (at: string) => string, RegExp]>([
    ['that does not exist', (at) => join(at, 'nowhere'), /nowhere does not exist/],
    ['of an empty folder', (at) => at, /has no files/],
    [
      'of a folder with a link that leads out',
      (at) => {
        symlinkSync('/etc', join(at, 'etc'))
        writeFileSync(join(at, 'a'), 'x')
        return at
      },
      /etc is a symbolic link; copy what it stands for/,
    ],
    [
      'that is too large',
      (at) => {
        writeFileSync(join(at, 'a'), 'x'.repeat(600))
        writeFileSync(join(at, 'b'), 'x'.repeat(600))
        return at
      },
      /more than 1000 bytes/,
    ],
  ])('%s', async (_, make, message) => {
    await expect(collectFiles(make(fresh()), 1000)).rejects.toMatchObject({ type: 'BadRequest', message })
  })

  it('where the limit is no number of bytes that a store can take', () => {
    expect(mostSourceBytes('')).toBe(2 ** 31)
    for (const text of ['0', '-1', '1.5', 'two', String(6 * 1024 ** 3)])
      expect(() => mostSourceBytes(text)).toThrow(/SLIPWAY_SNAPSHOT_BYTES/)
  })
})
