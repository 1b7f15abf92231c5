/** Writes a working project from the template. The folder appears complete or not at all. */
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SlipwayError } from '../../contracts/failure.js'

const SLIPWAY = fileURLToPath(new URL('../..', import.meta.url))
const TEMPLATE = fileURLToPath(new URL('../templates/project', import.meta.url))
const PLACEHOLDER = 'template-name'

/** Projects in this folder are found without `--projects` or SLIPWAY_PROJECTS. */
export const OWN_PROJECTS = join(SLIPWAY, 'projects')

export interface NewProject {
  readonly folder: string
  /** Whether Slipway finds it. Otherwise `--projects` or SLIPWAY_PROJECTS must name it. */
  readonly found: boolean
  readonly files: readonly string[]
}

/**
 * @param name a valid name, which the caller has checked
 * @throws SlipwayError BadRequest when the folder cannot be made; then nothing is written
 */
export async function writeProject(name: string, within: string = OWN_PROJECTS): Promise<NewProject> {
  const parent = resolve(within)
  const folder = join(parent, name)
  if (!existsSync(parent)) throw new SlipwayError('BadRequest', `--in ${parent} does not exist; make it first`)
  if (existsSync(folder))
    throw new SlipwayError('BadRequest', `${folder} exists already; choose another name or folder`)
  const found = parent === resolve(OWN_PROJECTS)
  const draft = await mkdtemp(join(parent, `.${name}-`)).catch((error: Error) => {
    throw new SlipwayError('BadRequest', `nothing can be written in ${parent}: ${error.message}`)
  })
  try {
    const files = new Map(await templateFiles(name))
    if (!found) for (const [file, text] of ownPackage(name, folder)) files.set(file, text)
    for (const [file, text] of files) await writeFile(join(draft, file), text)
    if (!found) await linkSlipway(draft)
    // A temporary folder is readable by its owner only.
    await chmod(draft, 0o755)
    await rename(draft, folder)
    return { folder, found, files: [...files.keys()].sort() }
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
}

async function templateFiles(name: string): Promise<[string, string][]> {
  const files = (await readdir(TEMPLATE)).sort()
  return Promise.all(
    files.map(async (file): Promise<[string, string]> => {
      const text = await readFile(join(TEMPLATE, file), 'utf8')
      return [file, text.replaceAll(PLACEHOLDER, name)]
    }),
  )
}

/** A project outside this repository is a package of its own, with Slipway as a dependency. */
function ownPackage(name: string, folder: string): [string, string][] {
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
  const dependency = `file:${relative(folder, SLIPWAY).replaceAll('\\', '/')}`
  return [
    ['package.json', json({ name, private: true, type: 'module', devDependencies: { slipway: dependency } })],
    [
      'tsconfig.json',
      json({
        compilerOptions: {
          target: 'ES2023',
          module: 'NodeNext',
          strict: true,
          noEmit: true,
          skipLibCheck: true,
          verbatimModuleSyntax: true,
          types: ['node'],
          typeRoots: ['node_modules/slipway/node_modules/@types'],
        },
        include: ['*.ts'],
      }),
    ],
    ['.gitignore', 'node_modules/\n'],
  ]
}

/** Links the dependency as `npm install` would, so that the project can be run immediately. */
async function linkSlipway(folder: string): Promise<void> {
  await mkdir(join(folder, 'node_modules'))
  await symlink(SLIPWAY, join(folder, 'node_modules', 'slipway'), 'junction')
}
