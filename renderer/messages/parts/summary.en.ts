// English words of the columns and classes of a whole imported data set.

export const summary = {
  'summary.whole': 'Counted over all rows of the splits, in the file’s units, before anything is filled in or scaled.',
  'summary.counting': 'Counting: {done} of {total} columns are there…',
  'summary.countingClasses': 'The classes are being counted…',
  'summary.median': 'median',
  'summary.q1': '25%',
  'summary.q3': '75%',
  'summary.value': 'Value',
  'summary.share': 'Share',
  'summary.more': { one: 'one more value', other: '{n} more values' },
  'summary.moreClasses': { one: 'One more class is not listed.', other: '{n} more classes are not listed.' },
  'summary.sampled': 'A random {n} of {total} rows are drawn.',
  'summary.drawnAll': { one: 'One row is drawn, all there is.', other: 'All {n} rows are drawn.' },
  'summary.drawing': 'The points are on their way…',
  'summary.incomplete': {
    one: 'One row misses one of the two.',
    other: '{n} rows miss one of the two.',
  },
  'summary.notThere': 'The project does not hold the data set {dataset}. Import it again.',
  'summary.noRows':
    'Of {dataset}, no row is left for the split “{split}”. Change the split, or what is done where values are missing.',
  'summary.part': 'Counted among the {n} of {total} rows at hand, which are taken evenly.',
  'summary.classesPart': '{split}: counted among {n} of {total} rows, taken evenly.',
} as const;
