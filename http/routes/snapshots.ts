import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ReadableStream } from 'node:stream/web'
import { createRoute, z } from '@hono/zod-openapi'
import { SlipwayError } from '../../contracts/failure.js'
import { requireSafeName } from '../../releases/sources/file-names.js'
import { tooLarge } from '../../releases/sources/limits.js'
import { removeOld } from '../../releases/sources/remove-old.js'
import { asRequest, storeSource } from '../../releases/sources/store-source.js'
import { unpack } from '../../releases/sources/unpack.js'
import type { DecisionService } from '../../serving/service.js'
import { requireCallerName } from '../access/caller-name.js'
import type { App, AppOptions, Guard } from '../app-options.js'
import { problem } from '../problems.js'
import { receiveFile } from '../receive-file.js'
import { jsonResponse, problemResponse } from '../responses.js'
import { projectParam } from '../schemas/shared-fields.js'
import { snapshotQuery, snapshotStored } from '../schemas/snapshot-schemas.js'

const TAR = 'application/x-tar'
const bytes = { schema: z.any().openapi({ type: 'string', format: 'binary' }) }

const route = createRoute({
  method: 'post',
  path: '/v1/projects/{project}/snapshots',
  summary: 'Store data that releases can learn from',
  description:
    'The same as `slipway snapshot add`: the data are checked, and stored by digest where every worker reads them. The body is the file itself, or a folder as tar (`tar -c -C FOLDER .`); at most `SLIPWAY_SNAPSHOT_BYTES` bytes. One at a time is taken.',
  request: {
    params: projectParam,
    query: snapshotQuery,
    body: { required: true, content: { 'application/octet-stream': bytes, [TAR]: bytes } },
  },
  responses: {
    201: jsonResponse(snapshotStored, 'It is stored'),
    400: problemResponse('The request is malformed, or the tar file cannot be used: nothing was stored'),
    401: problemResponse('A token is required'),
    403: problemResponse('The token does not have the role operate'),
    404: problemResponse('Unknown project'),
    413: problemResponse('It is too large'),
    415: problemResponse('The body is neither a file nor a tar file'),
    422: problemResponse('A release could not use the data; `problems` names all of them'),
    503: problemResponse('Another one is being stored, or the registry or the artifact store is away: send it again'),
  },
})

export function addSnapshotRoutes(
  app: App,
  service: DecisionService,
  guard: Guard,
  { snapshots }: Pick<AppOptions, 'snapshots'>,
): void {
  let busy = false
  app.use('/v1/projects/:project/snapshots', guard.role('operate'))
  app.openapi(route, async (c) => {
    const project = service.project(c.req.valid('param').project)
    const { name, cutoff, by: stated } = c.req.valid('query')
    const { by } = requireCallerName(stated, c.get('caller'))
    const type = (c.req.header('content-type') ?? '').split(';')[0]?.trim() ?? ''
    if (type !== TAR && type !== 'application/octet-stream')
      return problem(
        c,
        415,
        `content-type is "${type}"; send application/octet-stream for a file, ${TAR} for a folder`,
      ) as never
    if (!snapshots) throw new SlipwayError('Unavailable', 'this decision service stores no snapshots')
    if (name.includes('/')) throw new SlipwayError('BadRequest', `name: "${name}" has a folder; give the name alone`)
    try {
      requireSafeName(name)
    } catch (error) {
      asRequest(error)
    }
    const { most } = snapshots
    if (Number(c.req.header('content-length') ?? 0) > most) return problem(c, 413, tooLarge(most).message) as never
    if (busy) throw new SlipwayError('Unavailable', 'another snapshot is being stored; send it again later')
    busy = true
    let folder: string | undefined
    try {
      await mkdir(snapshots.folder, { recursive: true })
      await removeOld(snapshots.folder)
      folder = await mkdtemp(join(snapshots.folder, 'upload-'))
      const upload = join(folder, 'upload')
      const body = c.req.raw.body as ReadableStream<Uint8Array> | null
      const limits = { most, tooLarge: () => new TooLarge(tooLarge(most).message) }
      if ((await receiveFile(body, upload, limits)) === 0)
        throw new SlipwayError('BadRequest', 'the body is empty; send the file, or a folder as tar')
      const path = type === TAR ? await folderOf(upload, folder, name) : join(folder, 'file', name)
      if (type !== TAR) {
        await mkdir(join(folder, 'file'))
        await rename(upload, path)
      }
      const { ok, problems } = await snapshots.check(
        project.name,
        path,
        cutoff === undefined ? service.now() : Date.parse(cutoff),
      )
      if (!ok) {
        const detail = problems.map((one) => one.problem).join('; ')
        return problem(c, 422, `${name} cannot be used by ${project.name}: ${detail}`, { problems }) as never
      }
      const { registry, artifacts } = service
      const stored = await storeSource(
        { registry, artifacts, workFolder: snapshots.folder },
        { project: project.name, path, by, most },
      )
      return c.json(stored, 201)
    } catch (error) {
      if (error instanceof TooLarge) return problem(c, 413, error.message) as never
      throw error
    } finally {
      busy = false
      if (folder) await rm(folder, { recursive: true, force: true })
    }
  })
}

class TooLarge extends Error {}

/** A single folder in the tar is the folder itself, whatever its name is: programs write it with or without. */
async function folderOf(upload: string, folder: string, name: string): Promise<string> {
  const into = join(folder, 'tar', name)
  await mkdir(into, { recursive: true })
  const names = await unpack(upload, into).catch(asRequest)
  await rm(upload)
  const [first] = names[0]?.split('/') ?? []
  const isOne = first !== undefined && names.every((one) => one.startsWith(`${first}/`))
  if (!isOne) return into
  const only = join(folder, 'only', name)
  await mkdir(join(folder, 'only'))
  await rename(join(into, first), only)
  return only
}
