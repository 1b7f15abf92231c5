/**
 * One folder of plain JavaScript with the trainer's process, the program of a thread and one project: Node starts it
 * without the TypeScript loader and without resolving a module for each source file (docs/decisions/152). Packages are
 * not copied into it.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BuildOptions } from 'esbuild'
import { withoutSecrets } from '../../contracts/secret-files.js'
import { projectEntry } from '../../projects/load.js'
import { markUsed, removeUnused, writeCompiled } from './compiled-folders.js'
import { keepMeaning } from './keep-meaning.js'

const TRAINER = fileURLToPath(new URL('./compiled-trainer-process.ts', import.meta.url))
const THREAD = fileURLToPath(new URL('../computing/work-thread.ts', import.meta.url))
const TRAIN = fileURLToPath(new URL('./train-in-this-process.ts', import.meta.url))

export interface Compiled {
  /** The trainer's process. */
  readonly program: string
  /** The program of a thread for other work of the project. */
  readonly thread: string
  /** The project's module. */
  readonly module: string
  /** What it was compiled from. */
  readonly source: string
  /** Changes with the bytes of the compiled code. */
  readonly digest: string
}

interface Kept {
  readonly compiled: Compiled | undefined
  /** The files that were compiled, with the digests of their bytes. */
  readonly inputs: ReadonlyMap<string, string>
}

/** @returns undefined for a project that cannot be compiled without a change of its meaning: it starts uncompiled */
export type Compiler = (folder: string) => Promise<Compiled | undefined>

/** Compiles each project once, and again after any of the compiled files has changed. */
export function createCompiler(target: string): Compiler {
  const kept = new Map<string, Kept>()
  return async (folder) => {
    const last = kept.get(folder)
    if (last?.compiled && (await unchanged(last.inputs)) && (await markUsed(dirname(last.compiled.program)))) {
      return last.compiled
    }
    const next = await compile(folder, target)
    kept.set(folder, next)
    return next.compiled
  }
}

async function unchanged(inputs: Kept['inputs']): Promise<boolean> {
  const same = [...inputs].map(async ([file, digest]) => {
    const bytes = await readFile(file).catch(() => undefined)
    return bytes !== undefined && digestOf(bytes) === digest
  })
  return (await Promise.all(same)).every(Boolean)
}

async function compile(folder: string, target: string): Promise<Kept> {
  const entry = projectEntry(folder)
  const inputs = new Map<string, string>()
  if (!entry) return { compiled: undefined, inputs }
  const onFile = (file: string, bytes: Buffer) => inputs.set(file, digestOf(bytes))
  const { build } = await import('esbuild')
  const options: BuildOptions & { write: false } = {
    entryPoints: { 'compiled-trainer-process': TRAINER, 'work-thread': THREAD, project: entry },
    // At the depth of the final folder: source maps name the sources relative to it.
    outdir: join(target, 'draft'),
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // As Node resolves and as the TypeScript loader compiles.
    conditions: [],
    mainFields: ['main'],
    keepNames: true,
    sourcemap: 'linked',
    sourcesContent: false,
    outExtension: { '.js': '.mjs' },
    logLevel: 'silent',
    plugins: [keepMeaning({ onFile, trusted: new Set([TRAINER, TRAIN, THREAD]) })],
    write: false,
  }
  // Whatever is wrong with the project is reported by the start without compiling.
  const built = await withSafeEnvironment(() => build(options)).catch(() => undefined)
  if (!built) return { compiled: undefined, inputs }
  const digest = digestOf(Buffer.concat(built.outputFiles.map(({ contents }) => contents))).slice(0, 24)
  const home = await writeCompiled(
    target,
    digest,
    built.outputFiles.map(({ path, contents }) => [basename(path), contents]),
  )
  await removeUnused(target)
  const [program = '', thread = '', module = ''] = ['compiled-trainer-process', 'work-thread', 'project'].map((name) =>
    join(home, `${name}.mjs`),
  )
  return { compiled: { program, thread, module, source: entry, digest }, inputs }
}

/**
 * The compiler's service starts within the call and stays. It would have the secrets in its environment, also those
 * that came from files, and a trainer of the same user could read them in `/proc`.
 */
function withSafeEnvironment<Result>(begin: () => Result): Result {
  const own = process.env
  process.env = withoutSecrets(own)
  try {
    return begin()
  } finally {
    process.env = own
  }
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
