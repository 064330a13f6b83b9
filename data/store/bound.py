"""What is bound when a statement runs, so that it can be built once and serve every claim.

Building a statement costs several times what running it does.
None has a value of its own: a statement that runs without one is refused.
No name is that of a column, or an update would set that column.
"""

from __future__ import annotations

from sqlalchemy import Integer, bindparam

from evenhand.data.tables import Key, Utc

# Statements are kept for this many kinds of wish; one takes about 200 KiB.
SHARED = 64
# Who asks.
ME = bindparam("me", type_=Key)
# The key of an item, the number of a claim on it, and the key of a post.
ITEM = bindparam("of_item", type_=Key)
NUMBER = bindparam("of_number", type_=Integer)
POST = bindparam("of_post", type_=Key)
# Which version of a post.
VERSION = bindparam("of_version", type_=Integer)
# Several keys: of items, or of posts.
ITEMS = bindparam("of_items", type_=Key, expanding=True)
POSTS = bindparam("of_posts", type_=Key, expanding=True)
NOW = bindparam("now", type_=Utc())
UNTIL = bindparam("until", type_=Utc())
# The most rows that are wanted, and half of that.
COUNT = bindparam("most", type_=Integer)
HALF = bindparam("half", type_=Integer)
