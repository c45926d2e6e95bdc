"""Help inside the product: short guides by task and a glossary, in both languages.

A guide is one Markdown file a language (`guides/<language>/<code>.md`); `shelf` says which there are and in what order.
Bold words are names that stand on the screen, `page:`, `guide:`, `word:` and `picture:` are addresses of ours; tests hold all of
them to what is there. `bin/screenshots` takes the pictures from the running product.
"""
