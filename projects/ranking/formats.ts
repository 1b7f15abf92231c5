import type { SourceFormat } from '../project.js'

const QUERIES = 90
const number = (index: number): string => String(index).padStart(3, '0')

export const formats: readonly SourceFormat[] = [
  {
    name: 'judged queries',
    about:
      'A folder with a catalogue and grades of its products for at least 80 queries. Every judged product is in the catalogue; up to 1 % may be missing.',
    files: [
      {
        file: '*product*.jsonl or *catalog*.json, plain or .gz',
        kind: 'a JSON object a line, UTF-8',
        fields: [
          { name: 'asin', type: 'text without spaces', about: 'the id of the product' },
          { name: 'title', type: 'text' },
          { name: 'brand, color, bullet_points, description', type: 'text or null', optional: true },
          { name: 'category', type: 'text, a list of texts, or null', optional: true },
          { name: 'price', type: 'number or null', optional: true, about: '0 counts as unknown' },
          { name: 'rating', type: 'stars, 0 to 5, or null', optional: true, about: 'a shop may have none at all' },
          { name: 'rating_count', type: 'whole number or null', optional: true },
        ],
      },
      {
        file: '*judg*.json, plain or .gz',
        kind: '{"judgmentRatings": [{"query", "ratings": [{"docId", "rating"}]}]}, UTF-8',
        fields: [
          { name: 'query', type: 'text, once in the file' },
          { name: 'docId', type: 'the asin of a product, once for a query' },
          {
            name: 'rating',
            type: 'grade, 0 to 100',
            about: '100 is an exact match; queries whose products all have one grade teach nothing',
          },
        ],
      },
    ],
    source: '',
    example: async () => ({
      'products.jsonl': Array.from({ length: QUERIES }, (_, index) =>
        JSON.stringify({ asin: `P${number(index)}`, title: `Lamp ${number(index)} of brass`, price: 10 + index }),
      ).join('\n'),
      'judgements.json': JSON.stringify({
        judgmentRatings: Array.from({ length: QUERIES }, (_, index) => ({
          query: `lamp ${number(index)}`,
          ratings: [0, 1, 2].map((step) => ({
            docId: `P${number((index + step) % QUERIES)}`,
            rating: [100, 10, 0][step],
          })),
        })),
      }),
    }),
  },
]
