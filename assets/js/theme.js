// Light or dark: the cookie makes the first paint right, so the server knows it too.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!form.matches('[data-theme-form]')) return;
  event.preventDefault();
  const root = document.documentElement;
  const dark = root.dataset.theme
    ? root.dataset.theme === 'dark'
    : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = dark ? 'light' : 'dark';
  document.cookie = `sw_theme=${root.dataset.theme}; Path=/; Max-Age=31536000; SameSite=Lax`;
});
