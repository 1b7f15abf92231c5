import type { SourceFormat } from '../project.js'

const KIND = 'CSV (plain or .gz; separated by comma, ; or tab) in UTF-8, or Parquet; in order of days'
const airport = 'airport code: a capital, then two capitals or digits'
const delay = 'minutes, -120 to 1440; negative when early; empty or NA when cancelled or diverted'
const miles = 'miles, 1 to 6000'

/** The minutes and lanes of an example: a flight every ten minutes from five to eleven in the evening. */
const LANES = [
  ['JFK', 'LAX', 2475],
  ['LGA', 'ORD', 733],
  ['EWR', 'MIA', 1085],
] as const
const DAYS = 28
const PER_DAY = 108

function* flights() {
  for (let day = 1; day <= DAYS; day += 1) {
    for (let index = 0; index < PER_DAY; index += 1) {
      const minute = 5 * 60 + index * 10
      const [origin, destination, distance] = LANES[index % LANES.length] as (typeof LANES)[number]
      // More flights are late in the evening: every third then, every ninth before.
      const isLate = (index + day) % (minute > 17 * 60 ? 3 : 9) === 0
      yield { day, hour: Math.floor(minute / 60), minute: minute % 60, origin, destination, distance, isLate, index }
    }
  }
}
const two = (number: number): string => String(number).padStart(2, '0')

export const formats: readonly SourceFormat[] = [
  {
    name: 'airport pairs',
    about: 'One row a flight. At least 2,000 flights with a delay on 21 days are needed before the cutoff.',
    files: [
      {
        file: 'any name',
        kind: KIND,
        fields: [
          {
            name: 'date',
            type: 'planned departure, 2001-03-10T08:15, in the clock of the source, without an offset',
            about:
              'in Parquet a date or timestamp without a time zone; Z, or the zone UTC, says that this clock is UTC',
          },
          { name: 'delay', type: delay, about: 'at arrival; over 15 is late' },
          { name: 'distance', type: miles },
          { name: 'origin', type: airport },
          { name: 'destination', type: airport },
        ],
      },
    ],
    source: 'flights.csv',
    example: async () => ({
      'flights.csv': [
        'date,delay,distance,origin,destination',
        ...Array.from(flights(), (one) =>
          [
            `2013-01-${two(one.day)}T${two(one.hour)}:${two(one.minute)}`,
            one.isLate ? 25 : -3,
            one.distance,
            one.origin,
            one.destination,
          ].join(','),
        ),
      ].join('\n'),
    }),
  },
  {
    name: 'carrier events',
    about: 'The columns of nycflights13. One row a flight; other columns are not read.',
    files: [
      {
        file: 'any name',
        kind: KIND,
        fields: [
          { name: 'year, month, day', type: 'planned departure, whole numbers' },
          { name: 'hour, minute', type: 'planned departure, 0 to 23 and 0 to 59, in the clock of the source' },
          { name: 'dep_delay', type: delay, about: 'at departure' },
          { name: 'arr_delay', type: delay, about: 'at arrival; over 15 is late' },
          { name: 'carrier', type: 'text' },
          { name: 'flight', type: 'text', about: 'the flight number; one row for carrier, flight, lane and time' },
          { name: 'origin, dest', type: airport },
          { name: 'air_time', type: 'minutes, or empty' },
          { name: 'distance', type: miles },
        ],
      },
    ],
    source: 'flights.csv',
    example: async () => ({
      'flights.csv': [
        'year,month,day,hour,minute,dep_delay,arr_delay,carrier,flight,origin,dest,air_time,distance',
        ...Array.from(flights(), (one) =>
          [
            [2013, 1, one.day, one.hour, one.minute, one.isLate ? 20 : 0, one.isLate ? 25 : -3, 'AA', one.index],
            [one.origin, one.destination, Math.round(one.distance / 7.5), one.distance],
          ].join(','),
        ),
      ].join('\n'),
    }),
  },
]
