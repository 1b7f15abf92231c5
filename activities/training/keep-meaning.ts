/**
 * A plugin of the compiler. Compiled code must do what its sources do: each file keeps its own `import.meta.url`,
 * packages stay where they are, and a file that depends on being loaded by itself ends the compilation.
 */
import { readFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { extname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Loader, Plugin } from 'esbuild'

const LOADERS: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.js': 'js',
  '.mjs': 'js',
  '.json': 'json',
}

/** Loads a file that only the running program can name, or asks where it was loaded from in another way. */
const BY_ITSELF = [
  /\bimport\(\s*(?!['"])/,
  /\bimport\.meta\.(?!url\b)/,
  /(?<!\.)\brequire\(/,
  /\bmodule\.exports\b/,
  /\bnew (Worker|SharedWorker)\(/,
  /\bfork\(/,
]

const isPackage = (path: string): boolean => /[\\/]node_modules[\\/]/.test(path) && !/\.m?ts$/.test(path)

export const keepMeaning = (options: {
  /** Called with each file that is compiled. */
  readonly onFile: (file: string, bytes: Buffer) => void
  /** Files that are known to work. */
  readonly trusted: ReadonlySet<string>
}): Plugin => ({
  name: 'keep-meaning',
  setup(build) {
    const resolving = Symbol('resolving')
    build.onResolve({ filter: /.*/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === resolving || from.kind === 'entry-point') return undefined
      if (isBuiltin(path)) return { path, external: true }
      const wanted = path.startsWith('file:') ? fileURLToPath(path) : path
      const found = await build.resolve(wanted, { ...from, pluginData: resolving })
      if (found.errors.length > 0 || !isPackage(found.path)) return found
      return { path: pathToFileURL(found.path).href, external: true }
    })
    build.onLoad({ filter: /.*/ }, async ({ path }) => {
      const loader = LOADERS[extname(path)]
      if (!loader) throw new Error(`${path} is of no kind that can be compiled`)
      const bytes = await readFile(path)
      options.onFile(path, bytes)
      const text = bytes.toString('utf8')
      if (loader === 'json') return { contents: text, loader }
      if (!options.trusted.has(path) && BY_ITSELF.some((one) => one.test(text))) {
        throw new Error(`${path} must be loaded by itself`)
      }
      return { contents: text.replace(/\bimport\.meta\.url\b/g, JSON.stringify(pathToFileURL(path).href)), loader }
    })
  },
})
