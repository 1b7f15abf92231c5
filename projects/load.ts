/** Finds projects: a folder beside this file with an index.ts that exports `project`, and folders named in SLIPWAY_PROJECTS. */
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { SlipwayError } from '../contracts/failure.js'
import type { Project } from './project.js'

const HERE = fileURLToPath(new URL('.', import.meta.url))

const entry = (folder: string): string | undefined =>
  ['index.ts', 'index.js'].map((name) => join(folder, name)).find((file) => existsSync(file))

async function load(folder: string): Promise<Project> {
  const file = entry(folder)
  if (!file) throw new SlipwayError('BadRequest', `project folder ${folder} has no index.ts; it must export "project"`)
  const module = (await import(pathToFileURL(file).href)) as { project?: Project }
  if (!module.project) throw new SlipwayError('BadRequest', `${file} does not export "project"`)
  return module.project
}

export async function loadProjects(): Promise<Map<string, Project>> {
  const own = readdirSync(HERE, { withFileTypes: true }).filter((item) => item.isDirectory())
  const extra = (process.env.SLIPWAY_PROJECTS ?? '').split(delimiter).filter((path) => path !== '')
  const folders = [
    ...own.map((item) => join(HERE, item.name)).filter((folder) => entry(folder)),
    ...extra.map((path) => resolve(path)),
  ]
  const projects = await Promise.all(folders.map(load))
  return new Map(projects.map((project) => [project.name, project]))
}

/** @throws SlipwayError BadRequest naming the unknown project and those there are */
export function requireProject(projects: ReadonlyMap<string, Project>, name: string): Project {
  const project = projects.get(name)
  if (project) return project
  throw new SlipwayError('BadRequest', `project "${name}" is unknown; known: ${[...projects.keys()].join(', ')}`)
}
