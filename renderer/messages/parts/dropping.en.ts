// English words of files that are dropped on the window.

export const dropping = {
  'drop.title': 'Drop it here',
  'drop.hint':
    'A project (.overfit) is opened. A table, arrays, MNIST or CIFAR files, or a folder of pictures are looked at before they are imported.',
  'drop.hintChoose':
    'A browser does not say where a file lies: data are chosen in the window of the import, which is opened; a project with “Open…”.',
  'drop.choose': 'A browser does not say where {name} lies. Choose it here.',
  'drop.open': 'A browser does not say where {name} lies. Open it with “Open…” in the menu “Project”.',
  'drop.one': 'One file or folder at a time, please.',
  'drop.other':
    '{name} is neither a project (.overfit) nor data: tables (CSV, TSV, TXT), arrays (NPY, NPZ), MNIST and CIFAR files, and folders of pictures can be imported.',
} as const;
