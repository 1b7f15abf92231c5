/** Prints what each importer reads in the time zone of this process: `node bin/run.js instants-main.ts TEXT…`. */
import { readInstant } from '../../../contracts/read-instant.js'
import { shapeOf as flightShapeOf } from '../../../projects/eta/flights/flight-tables.js'
import { dayOfOrder } from '../../../projects/forecast/counts/cells.js'
import { dayText } from '../../../projects/forecast/counts/history.js'
import { shapeOf as labelShapeOf } from '../../../projects/vision/photos/label-file.js'

const place = { file: 'file', row: 1 }
const iso = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString())
const orNull = <T>(read: () => T): T | null => {
  try {
    return read()
  } catch {
    return null
  }
}
const flights = flightShapeOf({ name: 'file', columns: ['date', 'delay', 'distance', 'origin', 'destination'] })
const labels = labelShapeOf(['file', 'shipment', 'source', 'taken_at', 'damaged'], 'file')

function photoAt(taken: string, reviewed = ''): string | null {
  const read = labels.read({ file: 'a.jpg', shipment: 's', taken_at: taken, damaged: '1', reviewed_at: reviewed })
  return 'problem' in read ? null : iso(reviewed ? read.row.review?.knownAt : read.row.takenAt)
}

const zone = new Date(2024, 0, 1).getTimezoneOffset()
const read = process.argv.slice(2).map((text) => ({
  strict: iso(readInstant(text)?.at),
  eta: orNull(() =>
    iso(flights.read({ date: text, delay: 1, distance: 1, origin: 'AAA', destination: 'BBB' }, place).scheduled),
  ),
  forecast: orNull(() => dayText(dayOfOrder(text, 'date', place))),
  taken: photoAt(text),
  reviewed: photoAt('1970-01-01', text),
}))
process.stdout.write(JSON.stringify({ zone, read }))
