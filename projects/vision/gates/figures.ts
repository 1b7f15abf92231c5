/** Plots of the report: calibration, cost at each threshold, recall by source, and the worst photos. */
import sharp from 'sharp'
import type { Figure } from '../../../contracts/types.js'
import { wilson } from '../../kit/wilson.js'
import { labelOf, loss } from '../model/decide.js'
import type { LabelledPhoto } from '../photos/photo.js'
import type { Pack, PackedPhoto } from '../photos/photo-pack.js'
import { LOSS_UNIT } from '../policy.js'
import type { Answers, HeldOut } from './answers.js'
import { bySource, recallOf } from './slices.js'

export async function figuresOf(pack: Pack, heldOut: HeldOut): Promise<Figure[]> {
  return [calibrationFigure(heldOut), costFigure(heldOut), recallFigure(heldOut), await worstFigure(pack, heldOut)]
}

const TENTHS = Array.from({ length: 10 }, (_, index) => index / 10)

function calibrationFigure({ candidate, photos, labels }: HeldOut): Figure {
  const rows = [...photos.keys()].filter((row) => photos[row]?.review.usable === 1)
  const probability = (row: number) => candidate.outputs[row]?.probability ?? 0
  const points = TENTHS.flatMap((low) => {
    const inside = rows.filter((row) => probability(row) >= low && (probability(row) < low + 0.1 || low === 0.9))
    if (inside.length === 0) return []
    const damaged = inside.filter((row) => labels[row] === 1).length
    const x = inside.reduce((sum, row) => sum + probability(row), 0) / inside.length
    return [{ x: round(x), ...shareOf(damaged, inside.length) }]
  })
  return {
    title: 'Calibration on the held-out shipments',
    note: 'On the diagonal, of the photos with a probability of 30 %, about 30 % are damaged. Bars are 95 % intervals (Wilson).',
    kind: 'dot',
    x: 'predicted probability',
    y: 'share damaged',
    series: [
      { name: 'candidate', points },
      {
        name: 'ideal',
        points: [
          { x: 0, y: 0 },
          { x: 1, y: 1 },
        ],
      },
    ],
  }
}

/** The quality limits stay; only the review threshold varies. */
function costFigure({ candidate, production, photos }: HeldOut): Figure {
  const costAt = ({ outputs, actions, policy }: Answers, threshold: number) => {
    const sum = photos.reduce((total, { review }, row) => {
      const seen = (outputs[row]?.probability ?? 0) >= threshold ? 'review' : 'pass'
      const action = actions[row] === 'retake' ? 'retake' : seen
      return total + loss({ action, label: labelOf(review) }, policy)
    }, 0)
    return round(sum / photos.length)
  }
  const thresholds = Array.from({ length: 51 }, (_, index) => index / 50)
  const series = (name: string, answers: Answers) => ({
    name,
    points: thresholds.map((x) => ({ x, y: costAt(answers, x) })),
  })
  return {
    title: 'Cost against review threshold',
    note: `The candidate's threshold is ${candidate.policy.parameters.reviewThreshold}, production's is ${production.policy.parameters.reviewThreshold}.`,
    kind: 'line',
    x: 'review threshold',
    y: LOSS_UNIT,
    series: [series('candidate', candidate), series('production', production)],
  }
}

function recallFigure(heldOut: HeldOut): Figure {
  const series = (name: string, answers: Answers) => ({
    name,
    points: bySource(heldOut).flatMap(([source, rows]) => {
      const { damaged, caught } = recallOf(answers, heldOut, rows)
      return damaged === 0 ? [] : [{ x: source, ...shareOf(caught, damaged) }]
    }),
  })
  return {
    title: 'Damage found by source',
    note: 'Share of the damaged, usable photos that were reviewed. Bars are 95 % intervals (Wilson).',
    kind: 'dot',
    x: 'source',
    y: 'recall',
    series: [series('candidate', heldOut.candidate), series('production', heldOut.production)],
  }
}

const WORST = 12
const SHOWN_EDGE = 144

/** The most expensive mistakes; between equal ones, the most confident first. */
async function worstFigure(pack: Pack, { candidate, photos }: HeldOut): Promise<Figure> {
  const surprise = (row: number) =>
    Math.abs((photos[row]?.review.damaged ?? 0) - (candidate.outputs[row]?.probability ?? 0))
  const mistakes = [...photos.keys()]
    .filter((row) => (candidate.losses[row] as number) > 0)
    .sort((a, b) => (candidate.losses[b] as number) - (candidate.losses[a] as number) || surprise(b) - surprise(a))
    .slice(0, WORST)
  const images = []
  for (const row of mistakes) {
    const photo = photos[row] as LabelledPhoto
    const bytes = await pack.bytesOf(photo as LabelledPhoto & PackedPhoto)
    const jpeg = await sharp(bytes).resize(SHOWN_EDGE).jpeg({ quality: 70 }).toBuffer()
    const said = `${candidate.actions[row]}, probability ${(candidate.outputs[row]?.probability ?? 0).toFixed(2)}`
    const was = photo.review.usable === 0 ? 'unusable' : photo.review.damaged === 1 ? 'damaged' : 'undamaged'
    images.push({ caption: `${photo.file}: ${said}; reviewer: ${was}`, jpeg: jpeg.toString('base64') })
  }
  return {
    title: 'Worst photos',
    note: 'The most expensive mistakes on the held-out shipments: missed damage, then reviews that found nothing.',
    kind: 'image',
    x: 'photo',
    y: 'cost points',
    series: [
      {
        name: 'candidate',
        points: mistakes.map((row) => ({ x: photos[row]?.file ?? '', y: candidate.losses[row] as number })),
      },
    ],
    images,
  }
}

const round = (value: number): number => Number(value.toFixed(5))

/** A share with its 95 % interval. */
function shareOf(hits: number, of: number): { y: number; low: number; high: number } {
  const { low, high } = wilson(hits, of)
  return { y: round(hits / of), low: round(low), high: round(high) }
}
