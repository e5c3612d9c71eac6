"""The admin: pages rendered on the server, for the mutual's staff; and the public receipt check.

Owns what people see and nothing of what is true: each page asks the same API as everybody else, over
HTTP, with the token of the person who reads it, and can do nothing that the API cannot.

- `templates/` one base, a small set of components, a folder per feature
- `styles/` the stylesheet in parts, design tokens first; `static/` script and drawings
- `<feature>/views.py` what a page shows, as frozen dataclasses; `<feature>/endpoints.py` its HTTP

Every page works without JavaScript; no page carries script or style of its own (the
Content-Security-Policy refuses them).
"""
