/**
 * The TypeScript sources of this repository, compiled to JavaScript file by file when a process starts and they have
 * changed since. Without a loader that resolves and translates each module, a command starts in half of the time.
 */
import { createHash, randomUUID } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '')
const SKIPPED = new Set(['node_modules', 'dist', 'coverage'])
/** kysely in one file instead of 263. Only `registry/` uses it, so no other copy of it meets this one. */
const JOINED = 'packages/kysely.js'
/** A process that starts meanwhile may be about to use it. */
const UNUSED_MS = 600_000

/** Runs a source file: compiled, or through tsx where nothing can be compiled. It sees itself as `process.argv[1]`. */
export async function runSource(file) {
  const folder = await compiledSources().catch(() => undefined)
  const inside = relative(ROOT, file)
  const compiled = join(folder ?? '', inside.replace(/\.ts$/, '.js'))
  if (folder !== undefined && !inside.startsWith('..') && existsSync(compiled)) {
    markUse(folder)
    // Stack traces name the sources.
    process.setSourceMapsEnabled(true)
    await import(pathToFileURL(compiled).href)
  } else {
    await import('tsx')
    await import(pathToFileURL(file).href)
  }
}

/**
 * The folder with the compiled sources as they are now. Its name is a digest of their contents, so no process runs
 * code that has changed since, whatever the times of the files say; processes that started before keep theirs.
 * @throws Error if a source has a syntax error, or nothing can be written here
 */
async function compiledSources() {
  const all = join(ROOT, 'dist', 'compiled')
  const files = sourcesBelow(ROOT)
  const folder = join(all, digestOf(files))
  if (existsSync(folder)) return folder
  const draft = `${folder}.${randomUUID()}`
  // Fails at once where nothing can be written.
  mkdirSync(draft, { recursive: true })
  try {
    await compile(files, draft)
    renameSync(draft, folder)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    // Another process was faster.
    if (!existsSync(folder)) throw error
  }
  removeUnused(all, folder)
  return folder
}

function sourcesBelow(folder) {
  const files = []
  for (const item of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, item.name)
    if (item.isDirectory()) {
      if (!item.name.startsWith('.') && !SKIPPED.has(item.name)) files.push(...sourcesBelow(path))
    } else if (/(?<!\.test|\.d)\.ts$/.test(item.name)) files.push(path)
  }
  return files
}

function digestOf(files) {
  const hash = createHash('sha256')
  // Versions of packages count, because some of them are joined here and in the workflow bundle. Compiled code contains
  // the paths of its sources.
  const settings = ['bin/compiled.js', 'package.json', 'package-lock.json', 'tsconfig.json']
    .map((name) => join(ROOT, name))
    .filter(existsSync)
  for (const file of [...settings, ...files.sort()]) {
    const text = readFileSync(file)
    hash.update(`${file}\0${text.length}\0`).update(text)
  }
  return hash.digest('hex').slice(0, 32)
}

async function compile(files, outdir) {
  const { build } = await import('esbuild')
  const ownUrl = {
    name: 'own-url',
    setup({ onLoad }) {
      // Code finds files beside it through its URL: they are beside the source.
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const url = JSON.stringify(pathToFileURL(path).href)
        const joined = relative(dirname(path), join(ROOT, JOINED)).replaceAll('\\', '/')
        const contents = readFileSync(path, 'utf8')
          .replaceAll('import.meta.url', url)
          .replaceAll("from 'kysely'", `from './${joined}'`)
        return { contents, loader: 'ts' }
      })
    },
  }
  const common = { format: 'esm', platform: 'node', target: 'node20', logLevel: 'silent' }
  await build({
    ...common,
    stdin: { contents: "export * from 'kysely'", resolveDir: ROOT },
    outfile: join(outdir, JOINED),
    bundle: true,
  })
  await build({
    ...common,
    entryPoints: files,
    outdir,
    outbase: ROOT,
    sourcemap: 'inline',
    sourcesContent: false,
    plugins: [ownUrl],
  })
  // A project in this repository may import "slipway/project".
  const { name, type, exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const compiled = Object.entries(exports).map(([key, file]) => [key, file.replace(/\.ts$/, '.js')])
  writeFileSync(join(outdir, 'package.json'), JSON.stringify({ name, type, exports: Object.fromEntries(compiled) }))
}

/** Modules are loaded on demand too: what a running process was started from stays until it ends. */
function markUse(folder) {
  const mark = join(folder, 'used-by', String(process.pid))
  try {
    mkdirSync(dirname(mark), { recursive: true })
    writeFileSync(mark, '')
    const now = new Date()
    utimesSync(folder, now, now)
    process.once('exit', () => rmSync(mark, { force: true }))
  } catch {
    // Where nothing can be written, nothing is removed either.
  }
}

function removeUnused(all, current) {
  for (const name of readdirSync(all)) {
    const folder = join(all, name)
    if (folder === current) continue
    try {
      if (Date.now() - statSync(folder).mtimeMs < UNUSED_MS || isUsed(folder)) continue
      rmSync(folder, { recursive: true, force: true })
    } catch {
      // Another process removes it just now.
    }
  }
}

function isUsed(folder) {
  const marks = join(folder, 'used-by')
  if (!existsSync(marks)) return false
  return readdirSync(marks).some((pid) => {
    try {
      return process.kill(Number(pid), 0)
    } catch (error) {
      return error.code === 'EPERM'
    }
  })
}
