import pytest
import torch

from installation.decks.relief import FORGET, Answer, Relief, Trouble, trouble

MEMORY = [
    MemoryError(),
    torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
    RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried ..."),
    RuntimeError("std::bad_alloc"),
]
CARD = [
    RuntimeError("CUDA error: an illegal memory access was encountered"),
    RuntimeError("CUDA error: device-side assert triggered"),
    RuntimeError("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED"),
]
OTHER = [RuntimeError("the sizes do not match"), ValueError("cuda"), OSError("no such file")]


@pytest.mark.parametrize(
    ("errors", "kind"), [(MEMORY, Trouble.MEMORY), (CARD, Trouble.CARD), (OTHER, Trouble.OTHER)]
)
def test_an_exception_is_understood(errors: list[Exception], kind: Trouble):
    assert [trouble(error) for error in errors] == [kind] * len(errors)


def test_a_real_allocation_that_fails_is_understood():
    with pytest.raises(RuntimeError) as caught:
        torch.empty(2**60, dtype=torch.uint8)
    assert trouble(caught.value) is Trouble.MEMORY


def test_memory_is_given_back_once_before_something_smaller_plays():
    relief = Relief()
    error = MemoryError()
    assert relief.answer(error, 100.0) is Answer.AGAIN
    assert relief.answer(error, 100.1) is Answer.SMALLER
    assert relief.answer(error, 100.2 + FORGET) is Answer.AGAIN


@pytest.mark.parametrize("error", CARD + OTHER)
def test_nothing_else_is_played_over(error: Exception):
    assert Relief().answer(error, 0.0) is Answer.END
