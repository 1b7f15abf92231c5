/** Page headers of other writers have statistics, whose smallest and largest values are texts with a length. */
import { expect, it } from 'vitest'
import { readStruct } from '../../../projects/eta/flights/thrift-struct.js'

it('a text is passed over with its length, and the fields behind it are read', () => {
  const [int, text, stop] = [0x15, 0x18, 0]
  const bytes = Uint8Array.from([int, 4, text, 3, 0x61, 0x62, 0x63, int, 14, stop, 0xff])
  const { fields, end } = readStruct(bytes, 0)
  expect([...fields]).toEqual([
    [1, 2],
    [3, 7],
  ])
  expect(end).toBe(bytes.length - 1)
})
