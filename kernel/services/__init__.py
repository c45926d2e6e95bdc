from kernel.services.draining import drain
from kernel.services.idempotency import forget_old_keys, once
from kernel.services.parking import replay
from kernel.services.recording import record

__all__ = ["drain", "forget_old_keys", "once", "record", "replay"]
