"""Finding: words, embeddings, BM25, FAISS, and the library on disk. Imports `corpus`."""
