/** The offline gates: candidate and production on the same held-out days, which the candidate has not seen. */
import { evaluateBinary, type GateResult } from 'slipway/kit'
import type { LoadedRelease, Project } from 'slipway/project'
import { decode, heldOutFrom, probabilityOf } from './model.js'
import { type Parcel, type ParcelInput, parcelInput, readParcels } from './parcels.js'
import { costOf, lossUnit, parameterOf } from './policy.js'

export const evaluate: Project<ParcelInput>['evaluate'] = async (request) => {
  const { snapshot } = request
  const all = await readParcels(request.dataFile)
  const cutoff = Date.parse(snapshot.cutoff)
  const from = heldOutFrom(snapshot.cutoff)
  const parcels = all.filter(({ at, knownAt }) => at >= from && knownAt < cutoff)
  const carriers = [...new Set(parcels.map(({ input }) => input.carrier))].sort()
  return evaluateBinary({
    project: 'template-name',
    request,
    period: { from: new Date(from).toISOString(), to: snapshot.cutoff },
    labels: parcels.map(({ late }) => late),
    candidate: answersOf(request.candidate, parcels),
    production: answersOf(request.production, parcels),
    slices: carriers.map((carrier) => ({
      name: carrier,
      rows: [...parcels.keys()].filter((row) => parcels[row]?.input.carrier === carrier),
      // Dear customers ship with them.
      critical: carrier === 'south',
    })),
    gates: [schemaGate(all, snapshot.rows, cutoff), leakageGate(request.candidate, from)],
    lossUnit,
    thresholds: {
      candidate: parameterOf(request.candidate.actionPolicy, 'threshold'),
      production: parameterOf(request.production.actionPolicy, 'threshold'),
    },
    cost: (warned, late) => costOf(warned ? 'warn' : 'none', late, request.candidate.actionPolicy),
  })
}

function answersOf({ artifact, actionPolicy }: LoadedRelease, parcels: readonly Parcel[]) {
  const model = decode(artifact)
  const probabilities = parcels.map(({ input }) => probabilityOf(model, input))
  const threshold = parameterOf(actionPolicy, 'threshold')
  return { probabilities, acted: probabilities.map((probability) => (probability >= threshold ? 1 : 0)) }
}

/** The rows are those of the manifest, in range, and know nothing from after the cutoff. */
function schemaGate(parcels: readonly Parcel[], rows: number, cutoff: number): GateResult {
  const bad = parcels.filter(({ input, knownAt }) => knownAt >= cutoff || !parcelInput.safeParse(input).success).length
  const passed = bad === 0 && parcels.length === rows
  const detail = `${parcels.length} rows, ${rows} in the manifest; ${bad} out of range or from after the cutoff`
  return { name: 'schema_valid', passed, value: bad, threshold: 0, detail }
}

/** The features are all known at dispatch (model.ts); what is left to check is time. */
function leakageGate({ artifact }: LoadedRelease, from: number): GateResult {
  const overlap = Math.max(0, (decode(artifact).until - from) / 86_400_000)
  const detail = `learned from parcels up to ${overlap === 0 ? 'the held-out days' : `${overlap} days into the held-out days`}`
  return { name: 'no_leakage', passed: overlap === 0, value: overlap, threshold: 0, detail }
}
