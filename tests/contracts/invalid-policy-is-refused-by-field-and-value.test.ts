import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readPolicy } from '../../cli/runtime/read-policy.js'
import { parseTime } from '../../contracts/instants.js'
import { toyPolicy } from '../toy-project/policy.js'

const folder = mkdtempSync(join(tmpdir(), 'slipway-policy-'))
const policyFile = (text: string) => {
  const file = join(folder, 'policy.json')
  writeFileSync(file, text)
  return file
}

const of = (segments: string) => `{"schema":"slipway.policy/2","segments":{"onHarm":"hold","of":[${segments}]}}`

describe('an invalid policy file', () => {
  it.each([
    ['{"deadline":"-3d"}', /deadline is "-3d": must be a duration/],
    ['{"deadline":"0d"}', /deadline is "0d": must be longer than zero/],
    ['{"labelHorizen":"2d"}', /[Uu]nrecognized key.*labelHorizen/],
    ['{"judge":{"alpha":1.5}}', /judge.alpha is 1.5/],
    ['{"judge":{"minCoverage":7}}', /judge.minCoverage is 7/],
    ['{"steps":[]}', /steps is \[\]/],
    [
      '{"steps":[{"weight":5000,"atLeast":"1d"},{"weight":100,"atLeast":"1d"}]}',
      /steps.1.weight is 100: must be above/,
    ],
    ['{"steps":[{"weight":9900,"atLeast":"1d"}]}', /steps.0.weight is 9900: must be at most 9000/],
    ['{"onCanaryBusy":"panic"}', /onCanaryBusy is "panic"/],
    ['{"shadow":{"share":100,"lasts":"1d"}}', /shadow is .*needs schema slipway.policy\/2/],
    ['{"schema":"slipway.policy/2","shadow":{"share":0,"lasts":"1d"}}', /shadow.share is 0/],
    [
      '{"schema":"slipway.policy/2","shadow":{"share":100,"lasts":"14d"}}',
      /shadow.lasts is "14d": must be shorter than the deadline, 14d/,
    ],
    ['{"segments":{"onHarm":"hold","of":[]}}', /segments is .*needs schema slipway.policy\/2/],
    [of('{"name":"night"},{"name":"day"},{"name":"night"}'), /segments.of.2.name is "night": is night, as an earlier/],
    [of('{"name":"unknown"}'), /segments.of.0.name is "unknown": must not be unknown/],
    [of('{"name":"night, day"}'), /segments.of.0.name is "night, day": must be 1 to 60 characters/],
    [of('{"name":"night","where":[{"field":"hour"}]}'), /where.0.in .*must be there/],
    [of('{"name":"night","where":[{"field":"hour","in":[1],"below":6}]}'), /where.0.in is \[1\]: .*must not/],
    [of(Array.from({ length: 21 }, (_, index) => `{"name":"s${index}"}`).join(',')), /segments.of is .*20/],
    [
      '{"schema":"slipway.policy/2","shadow":{"share":100,"lasts":"1d","paired":{"onHarm":"pause"}}}',
      /shadow.paired.onHarm is "pause"/,
    ],
    [
      '{"schema":"slipway.policy/2","shadow":{"share":100,"lasts":"1d","paired":{"onHarm":"hold","canaryMinMature":0}}}',
      /shadow.paired.canaryMinMature is 0/,
    ],
    [
      '{"schema":"slipway.policy/2","shadow":{"share":100,"lasts":"1d","paired":{"onHarm":"hold","canaryMinMature":201}}}',
      /shadow.paired.canaryMinMature is 201: must be at most judge.minMature, 200/,
    ],
    ['[1', /is not JSON/],
    ['[]', /policy/],
  ])('%s is refused with the field and the value', (text, message) => {
    expect(() => readPolicy(policyFile(text), toyPolicy)).toThrow(message)
  })

  it('that is missing is named', () => {
    expect(() => readPolicy(join(folder, 'none.json'), toyPolicy)).toThrow(
      /none\.json does not exist; name an existing JSON file/,
    )
  })

  it('that is valid changes only the fields it names', () => {
    const read = readPolicy(policyFile('{"judge":{"alpha":0.01}}'), toyPolicy)
    expect(read).toEqual({ ...toyPolicy, judge: { ...toyPolicy.judge, alpha: 0.01 } })
  })
})

describe('a time', () => {
  it.each(['yesterday', '2001-13-01', '2001-02-30', '', '17'])('"%s" is refused', (text) => {
    expect(() => parseTime(text, '--cutoff')).toThrow(/--cutoff ".*" is not a time/)
  })
  it.each([
    ['2001-03-10', '2001-03-10T00:00:00.000Z'],
    ['2001-03-10T10:00Z', '2001-03-10T10:00:00.000Z'],
    ['2001-03-10 10:00', '2001-03-10T10:00:00.000Z'],
    ['2001-03-10T10:00+02:00', '2001-03-10T08:00:00.000Z'],
  ])('%s is %s', (text, iso) => {
    expect(parseTime(text, 'time').toISOString()).toBe(iso)
  })
})
