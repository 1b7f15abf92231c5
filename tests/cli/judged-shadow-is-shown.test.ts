/** `release show`, `release watch` and the report show what the shadow shows on the same requests. */
import { expect, it } from 'vitest'
import { lookText } from '../../cli/views/release-view.js'
import { pairedBlock } from '../../console/report/sections/paired-block.js'
import type { RecordedLook } from '../../contracts/ledger/index.js'
import type { Evidence } from '../../contracts/types.js'
import { judge } from '../../judge/index.js'
import { days, evidenceFrom, NEVER, steadyRows } from '../judge/v2/from-rows.js'
import { inShadow, pairedFrom, pairedPolicy, steadyPairs } from '../judge/v2/paired-rows.js'

const paired = pairedFrom(steadyPairs(days(5), { perDay: 400, better: 40, worse: 20 }))
const canary = { ...evidenceFrom(steadyRows(days(3), 15, { canary: 5, production: 5 })), paired }
const shadow = { compared: 2_000, failed: 0, otherActions: 9, differences: null, mature: 2_000 }

const look = (phase: RecordedLook['phase'], evidence: Evidence): RecordedLook => ({
  ...evidence,
  phase,
  step: 0,
  opened: NEVER,
  deadline: NEVER,
  evidence: '',
  judgement: judge(pairedPolicy(), evidence, NEVER),
  ...(phase === 'shadow' ? { shadow } : {}),
})

it('one line of a look: the effect on the same requests, its interval and what it shows', () => {
  for (const one of [look('shadow', inShadow(paired)), look('canary', canary)])
    expect(lookText(one)).toMatch(
      /, on 2000 same requests: effect -0\.0500 \[-0\.\d{4}, -0\.\d{4}\], shows superior and non_inferior → /,
    )
  expect(lookText(look('shadow', inShadow(paired)))).toMatch(/→ continue \(non_inferior_in_shadow\)$/)
  expect(lookText(look('canary', canary))).toMatch(/→ promote \(non_inferior_in_shadow\)$/)
})

it('the report has a row of each such look, and nothing where the shadow is not judged', () => {
  const { text } = pairedBlock([look('shadow', inShadow(paired)), look('canary', canary)], 'points')
  expect(text.match(/superior, non_inferior/g)).toHaveLength(2)
  expect(text).toContain('points')
  const { paired: _none, ...alone } = canary
  expect(pairedBlock([look('canary', alone)], 'points').text).toBe('')
})
