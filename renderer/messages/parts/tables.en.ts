// English words of tables that are begun and edited in the app, and of the names of columns.

export const tables = {
  'ownTable.new': 'New table…',
  'ownTable.newHint': 'Begin a table of your own: as many inputs as you like, typed or pasted from a spreadsheet',
  'ownTable.newTitle': 'New table',
  'ownTable.newText': 'The cells begin as 0. Type over them, or paste a block of cells from a spreadsheet.',
  'ownTable.columns': 'Columns…',
  'ownTable.columnsHint': 'Rename, add or remove columns',
  'ownTable.columnsTitle': 'Columns of the table',
  'ownTable.inputs': 'Inputs',
  'ownTable.targets': 'Targets',
  'ownTable.target': 'What is predicted',
  'ownTable.numbers': 'Numbers',
  'ownTable.aClass': 'A class',
  'ownTable.classes': 'Classes',
  'ownTable.classHint': 'A cell of the target holds the class: 0, 1, 2 …',
  'ownTable.rowsOf': 'Rows: {split}',
  'ownTable.between': 'Enter a whole number from {least} to {most}.',
  'ownTable.names': 'Names of the columns (may stay empty)',
  'ownTable.nameOf': 'Name of {column}',
  'ownTable.removeColumn': 'Remove column {column}',
  'ownTable.addInput': 'Add an input',
  'ownTable.addTarget': 'Add a target',
  'ownTable.create': 'Create',
  'ownTable.apply': 'Apply',
  'ownTable.keys':
    'Enter, Tab and arrow keys go from cell to cell. A block of cells copied from a spreadsheet can be pasted.',
  'ownTable.problemAt': 'Row {row}, {column}: {problem}',
  'ownTable.problemRow': 'Row {row}: {problem}',
  'ownTable.goTo': 'Go to this cell',
  'ownTable.leftRows': {
    one: 'One row had no room and was left out: a split holds at most {most}.',
    other: '{n} rows had no room and were left out: a split holds at most {most}.',
  },
  'ownTable.leftColumns': {
    one: 'One column had no room and was left out. “Columns…” adds more.',
    other: '{n} columns had no room and were left out. “Columns…” adds more.',
  },
  'rule.columnNames': 'There must be {count} names, one for each column.',

  'columns.standardized': '{name} (standardized)',
  'columns.oneHot': '{name}, category {i}',
} as const;
