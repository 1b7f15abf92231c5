import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import type { Project, SourceFormat } from '../../projects/project.js'
import { show } from '../runtime/output.js'

interface Options {
  example?: string
  json?: boolean
}

export function registerFormatsCommand(project: Command): void {
  project
    .command('formats [name]')
    .description('show the data that projects read with --snapshot: files, columns, types and units')
    .option('--example <folder>', 'write example files of each format of this project into a new folder')
    .option('--json', 'print JSON')
    .action(async (name: string | undefined, options: Options) => {
      const all = await loadProjects()
      const chosen = name === undefined ? [...all.values()] : [requireProject(all, name)]
      const written: Written[] = []
      if (options.example !== undefined) {
        if (name === undefined)
          throw new SlipwayError('BadRequest', '--example needs a project: slipway project formats NAME --example DIR')
        for (const one of chosen) written.push(...(await writeExamples(one, resolve(options.example))))
      }
      const formats = chosen.map((one) => ({
        project: one.name,
        formats: (one.formats ?? []).map(({ name: format, about, files }) => ({ name: format, about, files })),
      }))
      show(options, options.example === undefined ? formats : { formats, written }, () =>
        [...chosen.map(formatsText), ...written.map(writtenText)].join('\n\n'),
      )
    })
}

interface Written {
  readonly project: string
  readonly format: string
  readonly source: string
  readonly files: readonly string[]
}

async function writeExamples(project: Project, folder: string): Promise<Written[]> {
  const written: Written[] = []
  for (const format of project.formats ?? []) {
    const own = join(folder, format.name.replaceAll(' ', '-'))
    const files = Object.entries(await format.example())
    for (const [file, content] of files) {
      try {
        await mkdir(dirname(join(own, file)), { recursive: true })
        await writeFile(join(own, file), content, { flag: 'wx' })
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        const why = `${join(own, file)} cannot be written (${code === 'EEXIST' ? 'it exists already' : code})`
        throw new SlipwayError('BadRequest', `${why}; name a new folder`, { cause: error })
      }
    }
    const source = join(own, format.source)
    written.push({ project: project.name, format: format.name, source, files: files.map(([file]) => file) })
  }
  return written
}

const writtenText = ({ project, format, source, files }: Written): string =>
  `wrote an example of ${format}, ${files.length === 1 ? 'one file' : `${files.length} files`}; check it with: slipway snapshot check ${project} ${source}`

const formatsText = ({ name, formats = [] }: Project): string =>
  formats.length === 0
    ? `${name} states no format of its data`
    : formats.map((format) => formatText(name, format)).join('\n\n')

function formatText(project: string, { name, about, files }: SourceFormat): string {
  return [
    `${project}: ${name}`,
    about,
    ...files.flatMap(({ file, kind, fields }) => {
      const width = Math.max(...fields.map((field) => field.name.length))
      return [
        `  ${file}: ${kind}`,
        ...fields.map((field) => {
          const about = field.about ? `; ${field.about}` : ''
          return `    ${field.name.padEnd(width)}  ${field.type}${field.optional ? ', optional' : ''}${about}`
        }),
      ]
    }),
  ].join('\n')
}
