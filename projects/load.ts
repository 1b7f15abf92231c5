/** Finds projects: the folders here with an index.ts that exports `project`, and the folders in SLIPWAY_PROJECTS. */
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SlipwayError } from '../contracts/failure.js'
import { importProject } from './import-project.js'
import type { Project } from './project.js'
import { projectOf } from './project-of.js'

const HERE = fileURLToPath(new URL('.', import.meta.url))

/** The module of the project in a folder. */
export const projectEntry = (folder: string): string | undefined =>
  ['index.ts', 'index.js'].map((name) => join(folder, name)).find((file) => existsSync(file))

/** @throws SlipwayError BadRequest naming the folder, if it has no project or one that cannot be loaded */
export async function loadProject(folder: string): Promise<Project> {
  const file = projectEntry(folder)
  if (!file) throw new SlipwayError('BadRequest', `project folder ${folder} has no index.ts; it must export "project"`)
  return projectOf(file, importProject(file))
}

export async function loadProjects(): Promise<Map<string, Project>> {
  const own = readdirSync(HERE, { withFileTypes: true }).filter((item) => item.isDirectory())
  const extra = (process.env.SLIPWAY_PROJECTS ?? '').split(delimiter).filter((path) => path !== '')
  const folders = [
    ...own.map((item) => join(HERE, item.name)).filter((folder) => projectEntry(folder)),
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
