// English words of tables that are begun and edited in the app, and of the names of columns.

export const tables = {
  'table.new': 'New table…',
  'table.newHint': 'Begin a table of your own: as many inputs as you like, typed or pasted from a spreadsheet',
  'table.newTitle': 'New table',
  'table.newText': 'The cells begin as 0. Type over them, or paste a block of cells from a spreadsheet.',
  'table.columns': 'Columns…',
  'table.columnsHint': 'Rename, add or remove columns',
  'table.columnsTitle': 'Columns of the table',
  'table.inputs': 'Inputs',
  'table.targets': 'Targets',
  'table.target': 'What is predicted',
  'table.numbers': 'Numbers',
  'table.aClass': 'A class',
  'table.classes': 'Classes',
  'table.classHint': 'A cell of the target holds the class: 0, 1, 2 …',
  'table.rowsOf': 'Rows: {split}',
  'table.between': 'Enter a whole number from {least} to {most}.',
  'table.names': 'Names of the columns (may stay empty)',
  'table.nameOf': 'Name of {column}',
  'table.removeColumn': 'Remove column {column}',
  'table.addInput': 'Add an input',
  'table.addTarget': 'Add a target',
  'table.create': 'Create',
  'table.apply': 'Apply',
  'table.keys':
    'Enter, Tab and arrow keys go from cell to cell. A block of cells copied from a spreadsheet can be pasted.',
  'table.problemAt': 'Row {row}, {column}: {problem}',
  'table.problemRow': 'Row {row}: {problem}',
  'table.goTo': 'Go to this cell',
  'table.leftRows': {
    one: 'One row had no room and was left out: a split holds at most {most}.',
    other: '{n} rows had no room and were left out: a split holds at most {most}.',
  },
  'table.leftColumns': {
    one: 'One column had no room and was left out. “Columns…” adds more.',
    other: '{n} columns had no room and were left out. “Columns…” adds more.',
  },
  'rule.columnNames': 'There must be {count} names, one for each column.',

  'columns.standardized': '{name} (standardized)',
  'columns.oneHot': '{name}, category {i}',
} as const;
