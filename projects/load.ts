/** Finds projects: the folders here with an index.ts that exports `project`, and the folders in SLIPWAY_PROJECTS. */
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SlipwayError } from '../contracts/failure.js'
import { importProject } from './import-project.js'
import type { Project } from './project.js'

const HERE = fileURLToPath(new URL('.', import.meta.url))

const entry = (folder: string): string | undefined =>
  ['index.ts', 'index.js'].map((name) => join(folder, name)).find((file) => existsSync(file))

/** @throws SlipwayError BadRequest naming the folder, if it has no project or one that cannot be loaded */
export async function loadProject(folder: string): Promise<Project> {
  const file = entry(folder)
  if (!file) throw new SlipwayError('BadRequest', `project folder ${folder} has no index.ts; it must export "project"`)
  const module = await importProject(file).catch((error: unknown) => {
    const problem = error instanceof Error ? error.message : String(error)
    const hint = existsSync(join(folder, 'package.json')) ? '' : ' (there is no package.json with "type": "module")'
    throw new SlipwayError('BadRequest', `project ${file} cannot be loaded: ${problem}${hint}`, { cause: error })
  })
  const { project } = module as { project?: Project }
  if (!project) throw new SlipwayError('BadRequest', `${file} does not export "project"`)
  return project
}

export async function loadProjects(): Promise<Map<string, Project>> {
  const own = readdirSync(HERE, { withFileTypes: true }).filter((item) => item.isDirectory())
  const extra = (process.env.SLIPWAY_PROJECTS ?? '').split(delimiter).filter((path) => path !== '')
  const folders = [
    ...own.map((item) => join(HERE, item.name)).filter((folder) => entry(folder)),
    ...extra.map((path) => resolve(path)),
  ]
  const distinct = [...new Set(folders)]
  const projects = new Map<string, Project>()
  for (const project of await Promise.all(distinct.map(loadProject))) {
    const other = projects.get(project.name)
    if (other) {
      const where = [other, project].map(({ folder }) => fileURLToPath(folder)).join(' and ')
      throw new SlipwayError('BadRequest', `two projects are named "${project.name}": ${where}; rename one of them`)
    }
    projects.set(project.name, project)
  }
  return projects
}

/** @throws SlipwayError BadRequest naming the unknown project and the known ones */
export function requireProject(projects: ReadonlyMap<string, Project>, name: string): Project {
  const project = projects.get(name)
  if (project) return project
  throw new SlipwayError('BadRequest', `project "${name}" is unknown; known: ${[...projects.keys()].join(', ')}`)
}
