/** Live scoring, sample inputs and replayed traffic. A live input is the photo's file, its shipment and its dock. */
import type { SnapshotManifest } from '../../contracts/types.js'
import type { LoadedRelease, ReplayEvent, Scorer } from '../project.js'
import { numbersOf } from './features.js'
import { generatedBetween } from './generator/generated-photos.js'
import { answerOf } from './model/answer-photo.js'
import { visionModelFile } from './model/artifact.js'
import { labelOf } from './model/decide.js'
import { decode } from './photos/decode-photo.js'
import type { PhotoSource } from './photos/listed-photo.js'
import type { PhotoInput } from './photos/photo.js'
import { openFolder } from './photos/photo-folder.js'
import { withPack } from './photos/photo-pack.js'

/** Inputs known only at a review count as 0: live, no review has happened yet. */
export async function load(release: Pick<LoadedRelease, 'featureVersion' | 'artifact'>): Promise<Scorer<PhotoInput>> {
  const model = visionModelFile.decode(release)
  const answer = answerOf(model)
  const unknown = numbersOf(model.featureVersion).map(() => 0)
  return {
    async score(inputs) {
      const outputs = []
      // One after the other: each takes 10 ms of computing, and other promises of the process run in between.
      for (const { photo } of inputs) outputs.push(answer(await decode(Buffer.from(photo, 'base64')), unknown))
      return outputs
    },
  }
}

const SAMPLE = 8

/** The newest photos of a snapshot. */
export const sample = ({ dataFile }: { snapshot: SnapshotManifest; dataFile: string }): Promise<PhotoInput[]> =>
  withPack(dataFile, (pack) =>
    Promise.all(
      pack.rows.slice(-SAMPLE).map(async (row) => ({
        photo: (await pack.bytesOf(row)).toString('base64'),
        shipment: row.shipment,
        source: row.source,
      })),
    ),
  )

/** Photos taken in [from, to), including unreadable files, which also occur live. A shipment is one entity. */
export async function* replay(request: {
  source?: string
  from: number
  to: number
}): AsyncGenerator<ReplayEvent<PhotoInput>> {
  const { from, to } = request
  const { photos } = await sourceOf(request)
  for (const { row, read } of photos) {
    if (row.takenAt < from || row.takenAt >= to) continue
    const bytes = await read()
    yield {
      id: row.file,
      entityKey: row.shipment,
      at: row.takenAt,
      input: { photo: Buffer.from(bytes ?? []).toString('base64'), shipment: row.shipment, source: row.source },
      label: row.review && labelOf(row.review),
      knownAt: row.review?.knownAt ?? null,
    }
  }
}

/** Photos without dates count as taken before any cutoff: such a folder has nothing to replay. */
async function sourceOf({ source, from, to }: { source?: string; from: number; to: number }): Promise<PhotoSource> {
  if (source === undefined) return generatedBetween(from, to)
  return openFolder(source, { takenAt: Number.NEGATIVE_INFINITY, knownAt: Number.NEGATIVE_INFINITY })
}
