/** A rollback restores the earlier tuple byte for byte, threshold included. Runs without a server. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, digestOf } from '../contracts/canonical.js'
import { releaseManifest } from '../contracts/schemas/index.js'
import type { ReleaseManifest } from '../contracts/types.js'
import { toyPolicy } from './toy-project/policy.js'

const digest = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`)
const threshold = fc.double({ min: 0, max: 1, noNaN: true })

const manifests: fc.Arbitrary<ReleaseManifest> = fc
  .record({ snapshot: digest, artifact: digest, threshold })
  .map((parts) => ({
    schema: 'slipway.release/1',
    project: 'eta',
    snapshot: parts.snapshot,
    featureVersion: 'eta_features_v1',
    model: { artifact: parts.artifact, format: 'eta-model/1', kind: 'network' },
    actionPolicy: { version: 'eta_warning_v1', parameters: { threshold: parts.threshold + 0, missCost: 5 } },
    gates: { version: 'eta_gates_v1', required: ['schema_valid'], thresholds: { schema_valid: 0.01 } },
    monitor: { version: 'eta_monitor_v1', signals: [] },
    promotionPolicy: toyPolicy,
  }))

/** Reverses the key order, as another writer or a database may return it. */
const reversed = (value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, inner]) => [key, reversed(inner)]),
      )
    : value

describe('a rollback to an earlier release', () => {
  it('restores the whole tuple byte for byte, whatever the key order in storage', () => {
    fc.assert(
      fc.property(manifests, (earlier) => {
        const stored = JSON.parse(JSON.stringify(reversed(earlier))) as unknown
        const restored = releaseManifest.parse(stored)
        expect(canonicalJson(restored)).toBe(canonicalJson(earlier))
        expect(digestOf(restored)).toBe(digestOf(earlier))
      }),
    )
  })

  it('has another digest when any part of the tuple differs, also when only the threshold does', () => {
    fc.assert(
      fc.property(manifests, threshold, digest, (earlier, other, artifact) => {
        const { parameters } = earlier.actionPolicy
        fc.pre(other + 0 !== parameters.threshold && artifact !== earlier.model.artifact)
        const withThreshold = {
          ...earlier,
          actionPolicy: { ...earlier.actionPolicy, parameters: { ...parameters, threshold: other } },
        }
        expect(digestOf(withThreshold)).not.toBe(digestOf(earlier))
        expect(digestOf({ ...earlier, model: { ...earlier.model, artifact } })).not.toBe(digestOf(earlier))
      }),
    )
  })
})
