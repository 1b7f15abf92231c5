/** When a measured signal is a breach, and which breaches a look has to act on. Pure. */
import type { ExposurePhase } from '../contracts/exposure.js'
import type { Arm } from '../contracts/names.js'
import type { Breach, MonitorSignal } from '../contracts/types.js'
import { armsOf } from './arms.js'

/** The numbers measured in one arm over one window. */
export interface Measured {
  readonly arm: Arm
  /** Epoch ms: event time, or wall time for service health. */
  readonly from: number
  readonly to: number
  readonly decisions: number
  readonly numbers: Readonly<Record<string, number>>
}

/** A breach with everything that made it fire. */
export interface FiredBreach extends Breach {
  readonly clock: MonitorSignal['clock']
  readonly breachWhen: MonitorSignal['breachWhen']
  readonly window: { readonly from: string; readonly to: string }
  readonly decisions: number
  readonly numbers: Readonly<Record<string, number>>
}

/** Shares and percentiles of fewer decisions mean nothing. A signal with threshold 0 needs only one decision. */
export const FEWEST_DECISIONS = 20

/**
 * The breaches among declared signals. A signal that was not measured has not fired.
 * @param at event time in epoch ms at which it fired, by the run's clock
 * @param reference the arm that this one is compared with, in the same window; absent for the reference itself
 */
export function breachesOf(
  signals: readonly MonitorSignal[],
  measured: Measured,
  at: number,
  reference?: Measured,
): FiredBreach[] {
  const { arm, from, to, decisions, numbers } = measured
  return signals.flatMap((signal) => {
    const { name, clock, threshold, breachWhen, power } = signal
    const value = numbers[name]
    if (value === undefined || !Number.isFinite(value)) return []
    if (decisions < FEWEST_DECISIONS && threshold !== 0) return []
    if (breachWhen === 'above' ? value <= threshold : value >= threshold) return []
    if (isLikeReference(signal, value, reference)) return []
    const iso = (epochMs: number) => new Date(epochMs).toISOString()
    return [
      {
        signal: name,
        arm,
        value,
        threshold,
        power,
        at: iso(at),
        clock,
        breachWhen,
        decisions,
        numbers,
        window: { from: iso(from), to: iso(to) },
      },
    ]
  })
}

/**
 * Then the data is the cause, and not the release on trial. Without enough decisions to compare with, it may be either.
 */
function isLikeReference(
  { name, breachWhen, beyondReference }: MonitorSignal,
  value: number,
  reference: Measured | undefined,
): boolean {
  const other = reference?.numbers[name]
  if (beyondReference === undefined || reference === undefined || other === undefined || !Number.isFinite(other))
    return false
  if (reference.decisions < FEWEST_DECISIONS) return false
  return breachWhen === 'above' ? value - other <= beyondReference : other - value <= beyondReference
}

/** A breach of the run that is stored already. */
export interface KnownBreach extends Pick<Breach, 'signal' | 'arm'> {
  /** How long ago it was stored or fired. By one clock: those of two gateways may be hours apart. */
  readonly agoMs: number
}

/**
 * The breaches to store: one per window, because overlapping windows show the same event again.
 * @param windowMs length of a breach's window, in the time of `agoMs`
 */
export const notYetStored = (
  fired: readonly FiredBreach[],
  known: readonly KnownBreach[],
  windowMs: (breach: FiredBreach) => number,
): FiredBreach[] =>
  fired.filter(
    (breach) =>
      !known.some(
        ({ signal, arm, agoMs }) => signal === breach.signal && arm === breach.arm && agoMs < windowMs(breach),
      ),
  )

export interface StoredBreach extends Breach {
  /** Position in the ledger. */
  readonly seq: number
  /**
   * Of a breach that a decision service measured: its phase, and the event time (epoch ms) at which it was stored, by
   * the clock of the database. Its own instant is by the clock of that service, which may be ahead of a look or behind
   * it.
   */
  readonly measured?: { readonly phase: ExposurePhase; readonly storedAt: number }
}

export interface ActedOn {
  /** Ledger position of the look. */
  readonly seq: number
  /**
   * Ledger position up to which it or an earlier look had each measured breach of the phase; absent for looks of
   * earlier builds.
   */
  readonly breachesThrough?: number | undefined
  /** Ledger position of the last breach that was stored when it or an earlier look read them; absent: its own. */
  readonly breachesRead?: number | undefined
}

interface Looks {
  readonly phase: ExposurePhase
  /** Epoch ms of event time. */
  readonly asOf: number
  /** A look at the present has every breach that is stored, whatever the clocks say. */
  readonly present?: boolean
  /** Epoch ms of event time: looks up to this instant were acted on. */
  readonly looksAfter: number
  /** The last look that was acted on; null where there is none. */
  readonly actedOn: ActedOn | null
  /** Whether a breach that may only pause has an effect; absent: each has. */
  readonly pauses?: (breach: StoredBreach) => boolean
}

/**
 * Breaches up to `asOf` that no earlier look has acted on. The challenger is not responsible for the release it is
 * compared with: there a rollback event only pauses, because a person has to decide and no alias move would help.
 */
export function openBreaches(stored: readonly StoredBreach[], looks: Looks): Breach[] {
  const { pauses = () => true } = looks
  return stored
    .filter((breach) => isStoredBy(breach, looks) && !isActedOn(breach, looks))
    .flatMap((breach) => {
      const { signal, arm, value, threshold, at } = breach
      const power = isOfCandidate(arm, looks) ? breach.power : 'pause'
      return power === 'rollback' || pauses(breach) ? [{ signal, arm, value, threshold, at, power }] : []
    })
}

/**
 * Ledger position up to which a look has each breach of its phase: before the first that is stored after its instant,
 * or the last of all; 0 where there is none. Later looks need none up to there.
 */
export function breachesThrough(stored: readonly StoredBreach[], looks: Looks): number {
  const later = stored.find((breach) => isOfPhase(breach, looks) && !isStoredBy(breach, looks))
  return later ? later.seq - 1 : (stored.at(-1)?.seq ?? 0)
}

/**
 * A canary has those of its shadow too: one that is stored after the last look of the shadow, and before the first step
 * has begun, has no other look.
 */
const isOfPhase = ({ measured }: StoredBreach, { phase }: Looks): boolean =>
  measured === undefined || measured.phase === phase || (phase === 'canary' && measured.phase === 'shadow')

const isOfCandidate = (arm: Arm, { phase }: Looks): boolean =>
  arm === armsOf(phase).challenger || (phase === 'canary' && arm === armsOf('shadow').challenger)

function isStoredBy(breach: StoredBreach, looks: Looks): boolean {
  const { at, measured } = breach
  if (!measured) return Date.parse(at) <= looks.asOf
  return isOfPhase(breach, looks) && (looks.present === true || measured.storedAt <= looks.asOf)
}

/**
 * A breach is stored a moment after its instant: a look at that instant may have been recorded before it, or have read
 * breaches before it and been recorded after it.
 */
function isActedOn({ at, seq, measured }: StoredBreach, { phase, looksAfter, actedOn }: Looks): boolean {
  if (!measured)
    return Date.parse(at) <= looksAfter && (actedOn === null || seq <= (actedOn.breachesRead ?? actedOn.seq))
  // A canary of an earlier build does not know which of its shadow's were acted on: as there, all of them.
  if (actedOn === null) return measured.phase !== phase
  if (actedOn.breachesThrough !== undefined) return seq <= actedOn.breachesThrough
  return measured.storedAt <= looksAfter && seq <= actedOn.seq
}
