// Keeps the language that somebody switches to, under the name by which the start page looks for it.

for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-language]')) {
  link.addEventListener('click', () => {
    try {
      localStorage.setItem('nodechat.language', link.dataset.language ?? '');
    } catch {
      // storage is full or switched off: the pages work, they only forget
    }
  });
}
