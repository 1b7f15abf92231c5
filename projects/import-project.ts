/**
 * Imports a project's module. Where the sources run compiled (bin/compiled.js), a project of this repository is
 * imported from there, and any other through tsx, connected with the modules that run.
 */
import { existsSync } from 'node:fs'
import { register as registerHooks } from 'node:module'
import { extname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** `import.meta.url` names the source also in compiled code, `import.meta.dirname` the folder of what runs. */
const SOURCES = fileURLToPath(new URL('..', import.meta.url))
const RUNNING = join(import.meta.dirname, '..')
const isCompiled = extname(import.meta.filename) === '.js'

export async function importProject(file: string): Promise<object> {
  if (isCompiled) {
    const compiled = join(RUNNING, relative(SOURCES, file)).replace(/\.ts$/, '.js')
    if (compiled.startsWith(RUNNING) && existsSync(compiled)) return load(compiled)
    await translateOthers()
  }
  return load(file)
}

const load = (file: string): Promise<object> => import(pathToFileURL(file).href)

let translated: Promise<void> | undefined

/** Loader hooks cost each import some time, so they are registered for a project that needs them. */
function translateOthers(): Promise<void> {
  translated ??= (async () => {
    const [esm, cjs] = await Promise.all([import('tsx/esm/api'), import('tsx/cjs/api')])
    esm.register()
    cjs.register()
    const data = { sources: SOURCES, compiled: RUNNING }
    registerHooks(new URL('../bin/imports-of-compiled.js', import.meta.url), { data })
  })()
  return translated
}
