// 简体中文: words of files that are dropped on the window.

export const dropping = {
  'drop.title': '在此处松开',
  'drop.hint':
    '项目文件（.overfit）会被打开；表格、数组、MNIST 或 CIFAR 文件以及图片文件夹会先供查看，再由您决定导入。',
  'drop.hintChoose': '浏览器不会告知文件的位置：松开后会打开导入窗口，请在其中选取数据；项目请用“打开…”。',
  'drop.choose': '浏览器不会告知 {name} 的位置，请在这里选取它。',
  'drop.open': '浏览器不会告知 {name} 的位置，请用“项目”菜单中的“打开…”打开它。',
  'drop.one': '请一次只拖放一个文件或文件夹。',
  'drop.other':
    '{name} 既不是项目文件（.overfit），也不是数据。可以导入表格（CSV、TSV、TXT）、数组（NPY、NPZ）、MNIST 和 CIFAR 文件，以及图片文件夹。',
} as const;
