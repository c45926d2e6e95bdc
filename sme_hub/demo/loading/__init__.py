"""Loading the demo through the product's own verbs. Every step may be repeated: what is there already is left alone.

people      accounts, companies, addresses, bank accounts, claims that an officer verifies
shelves     the sellers' files through the import
pictures    a drawing for each listing
trades      orders in every state, told in the order of time
desks       carts, claims and a file that wait for somebody
talks       conversations about goods and orders
quarrels    five disputes
money       the simulated bank's offers
offices     the case office and the bank
identities  the cast's people show who they are to the simulated issuers
asking      from when on acts ask for that, and tokens that carry it
lists       a made-up list, with companies that are like it
recognising the simulated issuers of identities, and the policies that recognise them
moments     working hours of the past
past        what acts of the past set off, at its own time
cast        whom a visitor of the demo may be
accounts    accounts.json: whom one may sign in as
everything  all of it in order
"""
