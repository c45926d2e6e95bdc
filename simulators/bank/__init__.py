"""A bank that gives money against invoices: strict about signatures and keys, forgetful about nothing. No real bank."""
