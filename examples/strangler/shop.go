package main

// The legacy service: a gin engine of years. Not a line of it knows that it is being moved.

import (
	"embed"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/gin-gonic/gin"
)

//go:embed assets
var assets embed.FS

// Product is what the shop sells.
type Product struct {
	ID    int    `json:"id"`
	Name  string `json:"name" binding:"required,min=2"`
	Price int    `json:"price" binding:"required,gt=0"`
}

// shop is the state that both the old and the new handlers work on.
type shop struct {
	mu       sync.Mutex
	products []Product
}

func newShop() *shop {
	return &shop{products: []Product{{1, "Teapot", 2400}, {2, "Tea & Co. Earl Grey", 850}, {3, "Cup", 600}}}
}

func (s *shop) product(id string) (Product, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.products {
		if strconv.Itoa(p.ID) == id {
			return p, true
		}
	}
	return Product{}, false
}

func (s *shop) all() []Product {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Product(nil), s.products...)
}

func (s *shop) add(p Product) Product {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.ID = len(s.products) + 1
	s.products = append(s.products, p)
	return p
}

// engine is the service as it has always been.
func engine(s *shop) *gin.Engine {
	e := gin.New()
	e.Use(gin.RecoveryWithWriter(io.Discard), requestID)
	e.GET("/healthz", func(c *gin.Context) { c.String(http.StatusOK, "ok") })
	e.GET("/products", s.list)
	e.GET("/products/:id", s.get)
	e.POST("/products", s.create)
	e.GET("/search", s.search)
	e.GET("/cart", cart)
	e.PUT("/cart/:id", fill)
	e.POST("/pictures", picture)
	e.GET("/events", events)
	e.GET("/chat", chat)
	e.GET("/shop", func(c *gin.Context) { c.Redirect(http.StatusFound, "/products") })
	files, _ := fs.Sub(assets, "assets")
	e.StaticFS("/assets", http.FS(files))
	admin := e.Group("/admin", auth)
	admin.GET("/stats", s.stats)
	admin.GET("/whoami", func(c *gin.Context) { c.String(http.StatusOK, c.GetString("user")) })
	return e
}

// requestID marks every answer of the service.
func requestID(c *gin.Context) {
	c.Header("X-Service", "shop")
	c.Next()
}

// auth lets in who has a token, and says who it is.
func auth(c *gin.Context) {
	user := map[string]string{"Bearer t-ada": "ada"}[c.GetHeader("Authorization")]
	if user == "" {
		c.AbortWithStatusJSON(http.StatusUnauthorized, gin.H{"error": "who are you?"})
		return
	}
	c.Set("user", user)
	c.Next()
}

func (s *shop) list(c *gin.Context) {
	c.JSON(http.StatusOK, gin.H{"page": c.DefaultQuery("page", "1"), "products": s.all()})
}

func (s *shop) get(c *gin.Context) {
	p, ok := s.product(c.Param("id"))
	if !ok {
		c.JSON(http.StatusNotFound, gin.H{"error": "no such product"})
		return
	}
	c.JSON(http.StatusOK, p)
}

func (s *shop) create(c *gin.Context) {
	var p Product
	if err := c.ShouldBindJSON(&p); err != nil {
		c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
		return
	}
	p = s.add(p)
	c.Header("Location", fmt.Sprint("/products/", p.ID))
	c.JSON(http.StatusCreated, p)
}

func (s *shop) search(c *gin.Context) {
	c.JSON(http.StatusOK, gin.H{"q": c.Query("q"), "tags": c.QueryArray("tag"), "found": s.matching(c.Query("q"))})
}

func (s *shop) stats(c *gin.Context) {
	c.JSON(http.StatusOK, gin.H{"products": len(s.all()), "asked": c.GetString("user")})
}

func cart(c *gin.Context) {
	id, err := c.Cookie("cart")
	if err != nil {
		c.JSON(http.StatusNotFound, gin.H{"error": "no cart"})
		return
	}
	c.JSON(http.StatusOK, gin.H{"product": id})
}

func fill(c *gin.Context) {
	c.SetCookie("cart", c.Param("id"), 3600, "/", "", false, true)
	c.Status(http.StatusNoContent)
}

func picture(c *gin.Context) {
	f, err := c.FormFile("picture")
	if err != nil {
		c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
		return
	}
	c.JSON(http.StatusCreated, gin.H{"name": f.Filename, "size": f.Size, "title": c.PostForm("title")})
}

func events(c *gin.Context) {
	n := 0
	c.Stream(func(io.Writer) bool {
		c.SSEvent("sold", n)
		n++
		time.Sleep(time.Millisecond)
		return n < 3
	})
}

func chat(c *gin.Context) {
	conn, err := websocket.Accept(c.Writer, c.Request, nil)
	if err != nil {
		return
	}
	defer conn.CloseNow()
	for {
		kind, text, err := conn.Read(c.Request.Context())
		if err != nil {
			return
		}
		if err := conn.Write(c.Request.Context(), kind, append([]byte("you said "), text...)); err != nil {
			return
		}
	}
}
