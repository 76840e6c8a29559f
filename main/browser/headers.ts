// The headers of every answer, refusals included: an isolated page that loads nothing from anywhere else.

/** The page may load its own files, start its own workers, compile WASM, and talk to this server; nothing else. */
export function contentSecurityPolicy(port: number): string {
  return Object.entries({
    'default-src': "'none'",
    'script-src': "'self' 'wasm-unsafe-eval'",
    'style-src': "'self'",
    'img-src': "'self' data: blob:",
    'font-src': "'self'",
    'worker-src': "'self'",
    'connect-src': `'self' ws://127.0.0.1:${port} ws://localhost:${port}`,
    'frame-ancestors': "'none'",
    'base-uri': "'none'",
    'form-action': "'none'",
  })
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');
}

export const securityHeaders = (port: number): Readonly<Record<string, string>> => ({
  'Content-Security-Policy': contentSecurityPolicy(port),
  // Together these give the page SharedArrayBuffer, and keep every other page out of its process.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Origin-Agent-Cluster': '?1',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  'Permissions-Policy':
    'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=(), display-capture=()',
});
