"""An archive for assistants: read-only tools that are spoken to by the Model Context Protocol. See docs/mcp.md.

The official SDK is the package `mcp`, imported in `server` alone; each tool is a plain function from arguments to text.
"""
