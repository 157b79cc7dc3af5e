// A name for this browser that nobody guesses, made at the first visit, before any question is asked
(name) => name
  || [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
