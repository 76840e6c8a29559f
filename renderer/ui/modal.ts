// Whether a window lies over the page, whoever opened it: what lies below it is not meant by a key, nor by a paste.

export const modalOpen = (page: Document): boolean => page.querySelector('[role=dialog], [role=alertdialog]') !== null;
