import { DAY_MS, utcDay } from '../../contracts/duration.js'
import type { SourceFormat } from '../project.js'

const CSV = 'CSV (plain or .gz; separated by comma, ; or tab) in UTF-8'
const WORLD = 'Days up to the cutoff: at least 112, and 84 of a series that still sells.'

const DAYS = 140
const SERIES = ['A100', 'A200', 'A300']
const days = Array.from({ length: DAYS }, (_, index) => utcDay(Date.UTC(2024, 0, 1) + index * DAY_MS))
const sold = (index: number, series: number): number => 2 + series + (index % 7 === 5 ? 3 : 0)

export const formats: readonly SourceFormat[] = [
  {
    name: 'order lines',
    about: `One row a line of an invoice, as a till or a web shop writes them. ${WORLD} A day without any line is a closed day; after more than 14 of them the file is refused.`,
    files: [
      {
        file: 'any name',
        kind: CSV,
        fields: [
          { name: 'Invoice', type: 'text', about: 'those that begin with C are cancellations and are left out' },
          { name: 'StockCode', type: 'text', about: 'the series that is forecast' },
          { name: 'Quantity', type: 'whole number', about: 'lines with 0 or less are left out' },
          {
            name: 'InvoiceDate',
            type: '2011-11-09, 2011-11-09T08:26 or 11/9/2011 8:26 (month first)',
            about: 'in the clock of the shop, without an offset',
          },
          { name: 'Price', type: 'number', about: 'lines with 0 or less are left out' },
        ],
      },
    ],
    source: 'orders.csv',
    example: async () => ({
      'orders.csv': [
        'Invoice,StockCode,Quantity,InvoiceDate,Price',
        ...days.flatMap((day, index) =>
          SERIES.flatMap((code, series) =>
            Array.from(
              { length: sold(index, series) },
              (_, line) => `${index}${series}${line},${code},1,${day}T10:${10 + line},2.5`,
            ),
          ),
        ),
      ].join('\n'),
    }),
  },
  {
    name: 'daily counts',
    about: `One row a series and day, from the first to the last day of the series. ${WORLD} Series with missing days are left out, up to 20 % of them; a day on which a series was closed is not a 0, but marked. Marks of days after the cutoff are plans.`,
    files: [
      {
        file: 'any name',
        kind: CSV,
        fields: [
          { name: 'date', type: '2024-01-31', about: 'a time of day after it is not read' },
          { name: 'series', type: 'text' },
          { name: 'count', type: 'whole number, at least 0', about: 'what was sold; 0 or empty where closed' },
          { name: 'promoted', type: '1 on days with a promotion, otherwise 0 or empty', optional: true },
          {
            name: 'closed',
            type: '1 on days on which the series was closed, otherwise 0 or empty',
            optional: true,
            about: 'such a day is neither learned from nor forecast nor judged',
          },
          {
            name: 'school_holiday',
            type: '1 on days of school holidays, otherwise 0 or empty',
            optional: true,
            about: 'for each series, or the same for all; becomes features of the network',
          },
          {
            name: 'store_type',
            type: 'text, at most 80 characters, the same in all rows of a series',
            optional: true,
            about: 'becomes features of the network; it knows the 4 commonest types',
          },
        ],
      },
    ],
    source: 'counts.csv',
    example: async () => ({
      'counts.csv': [
        'date,series,count,promoted,closed,school_holiday,store_type',
        ...days.flatMap((day, index) =>
          SERIES.map((code, series) => {
            const closed = series === 2 && index >= 40 && index < 54
            const marks = [index % 14 === 5 ? 1 : 0, closed ? 1 : 0, index >= 88 && index < 102 ? 1 : 0]
            return [day, code, closed ? '' : sold(index, series), ...marks, series === 0 ? 'city' : 'village'].join()
          }),
        ),
      ].join('\n'),
    }),
  },
]
